#include "bench/load/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace cartrelay::bench {
namespace {

constexpr unsigned bits = 7;
constexpr std::uint64_t steps = 1U << bits;                // buckets for each doubling
constexpr std::uint64_t highest = std::uint64_t{1} << 42;  // 73 minutes: everything above is counted there

std::size_t bucket_of(std::uint64_t value) {
  if (value < steps) return value;
  const auto shift = static_cast<unsigned>(std::bit_width(value)) - bits - 1;
  return (shift + 1) * steps + ((value >> shift) - steps);
}

/// The middle of a bucket.
std::uint64_t value_of(std::size_t bucket) {
  if (bucket < steps) return bucket;
  const auto shift = bucket / steps - 1;
  const auto low = (bucket % steps + steps) << shift;
  return low + ((std::uint64_t{1} << shift) >> 1);
}

}  // namespace

histogram::histogram() : buckets_(bucket_of(highest) + 1) {}

void histogram::add(std::chrono::nanoseconds value) noexcept {
  const auto count = std::min(static_cast<std::uint64_t>(std::max<std::int64_t>(value.count(), 0)), highest);
  ++buckets_[bucket_of(count)];
  ++count_;
  sum_ += count;
  max_ = std::max(max_, count);
}

void histogram::clear() {
  std::ranges::fill(buckets_, 0);
  count_ = sum_ = max_ = 0;
}

std::chrono::nanoseconds histogram::mean() const noexcept {
  return std::chrono::nanoseconds(count_ == 0 ? 0 : sum_ / count_);
}

std::chrono::nanoseconds histogram::percentile(double share) const noexcept {
  const auto wanted =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_))));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size() && count_ > 0; ++i) {
    seen += buckets_[i];
    if (seen >= wanted) return std::chrono::nanoseconds(std::min(value_of(i), max_));
  }
  return std::chrono::nanoseconds(0);
}

}  // namespace cartrelay::bench
