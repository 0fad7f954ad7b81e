#pragma once

#include "base/time.hpp"

#include <optional>
#include <utility>

namespace cartrelay::dispatch {

/// When a vendor that is doubted is asked again, by one probe.
class probe_wait {
 public:
  [[nodiscard]] base::steady_time end() const noexcept { return end_; }
  void until(base::steady_time at) noexcept {
    end_ = at;
    hastened_from_.reset();
  }
  /// Somebody asks for a probe at once. False: it is due already.
  bool hasten(base::steady_time now) noexcept {
    if (end_ <= now) return false;
    hastened_from_ = std::exchange(end_, now);
    return true;
  }
  /// A probe failed. True: it had been hastened, and the wait goes on as it was. False: it is over.
  [[nodiscard]] bool goes_on(base::steady_time now) noexcept {
    const auto due = std::exchange(hastened_from_, std::nullopt);
    if (!due || *due <= now) return false;
    end_ = *due;
    return true;
  }

 private:
  base::steady_time end_{};
  std::optional<base::steady_time> hastened_from_;  // when the probe would have gone
};

}  // namespace cartrelay::dispatch
