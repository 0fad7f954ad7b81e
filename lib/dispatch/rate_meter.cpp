#include "dispatch/rate_meter.hpp"

#include <algorithm>

namespace cartrelay::dispatch {

void rate_meter::add(std::uint64_t count, base::steady_time now) {
  const auto index = index_at(now);
  auto& place = recent_[static_cast<std::size_t>(index) % slots];
  if (place.index != index) place = {index, 0};
  place.count += count;
}

std::optional<double> rate_meter::per_second(base::steady_time now) const {
  const auto current = index_at(now);
  std::uint64_t sum = 0;
  for (const auto& one : recent_)
    if (one.index >= 0 && current - one.index < static_cast<std::int64_t>(slots)) sum += one.count;
  if (sum == 0) return std::nullopt;
  const auto first = std::max<std::int64_t>(0, current - static_cast<std::int64_t>(slots) + 1);
  const std::chrono::duration<double> span = now - (start_ + first * slot_width);
  return static_cast<double>(sum) / std::max(1.0, span.count());
}

std::int64_t rate_meter::index_at(base::steady_time now) const {
  return (now - start_) / slot_width;
}

}  // namespace cartrelay::dispatch
