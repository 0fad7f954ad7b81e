#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace cartrelay::bench {

/// Durations, counted in buckets that are 1/128 of their value wide (below 128 ns: exact), so that a
/// percentile is right within 0.8 % however many there are, and adding one costs a few instructions.
class histogram {
 public:
  histogram();

  void add(std::chrono::nanoseconds value) noexcept;
  void clear();
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] std::chrono::nanoseconds max() const noexcept { return std::chrono::nanoseconds(max_); }
  [[nodiscard]] std::chrono::nanoseconds mean() const noexcept;
  /// The value that `share` (0 to 1) of all do not exceed; 0 if there are none.
  [[nodiscard]] std::chrono::nanoseconds percentile(double share) const noexcept;

 private:
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace cartrelay::bench
