#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace cartrelay::queue {

/// When it is worth to try once more what found no room on the disk: once there is more than there was, and
/// all the same after a pause that grows, since neither a quota nor a passing fault shows in that figure.
/// Pure.
class next_try {
 public:
  using moment = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds first_pause{1}, longest_pause{30};

  /// A try has been made, which left so much free. Absent: nobody knows.
  void made(moment now, std::optional<std::uint64_t> free) {
    // A shortage long after the last one is another one.
    const bool another = !last_ || now - *last_ > 2 * longest_pause;
    pause_ = another ? first_pause : std::min(2 * pause_, longest_pause);
    last_ = now;
    least_ = free;
  }
  /// To be asked again and again, until it is.
  [[nodiscard]] bool due(moment now, std::optional<std::uint64_t> free) {
    if (!last_ || now - *last_ >= pause_) return true;
    if (!free || !least_) return false;
    return *free > std::exchange(*least_, std::min(*free, *least_));
  }

 private:
  std::optional<moment> last_;
  std::chrono::seconds pause_{first_pause};
  std::optional<std::uint64_t> least_;  // free since then
};

}  // namespace cartrelay::queue
