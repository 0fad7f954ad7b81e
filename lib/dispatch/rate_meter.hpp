#pragma once

#include "base/time.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace cartrelay::dispatch {

/// How many ends a second there were in the last minute.
class rate_meter {
 public:
  explicit rate_meter(base::steady_time start) : start_(start) {}

  void add(std::uint64_t count, base::steady_time now);
  /// Nothing if nothing ended.
  [[nodiscard]] std::optional<double> per_second(base::steady_time now) const;

 private:
  static constexpr std::size_t slots = 12;
  static constexpr std::chrono::seconds slot_width{5};
  struct slot {
    std::int64_t index = -1;
    std::uint64_t count = 0;
  };

  [[nodiscard]] std::int64_t index_at(base::steady_time now) const;

  base::steady_time start_;
  std::array<slot, slots> recent_{};
};

}  // namespace cartrelay::dispatch
