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
  constexpr std::chrono::duration<double> shortest(1), longest(slots * slot_width);
  const auto span = std::clamp<std::chrono::duration<double>>(now - start_, shortest, longest);
  return static_cast<double>(sum) / span.count();
}

std::int64_t rate_meter::index_at(base::steady_time now) const {
  return (now - start_) / slot_width;
}

}  // namespace cartrelay::dispatch
