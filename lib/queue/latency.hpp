#pragma once

#include <array>
#include <chrono>
#include <cstddef>

namespace cartrelay::queue {

/// Percentiles of the last 512 durations. One thread at a time.
class latency_window {
 public:
  void add(std::chrono::nanoseconds took) noexcept;
  /// In milliseconds; 0 while nothing was measured.
  [[nodiscard]] double percentile_ms(double fraction) const;

 private:
  std::array<std::chrono::nanoseconds, 512> recent_{};
  std::size_t next_ = 0, count_ = 0;
};

}  // namespace cartrelay::queue
