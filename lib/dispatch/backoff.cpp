#include "dispatch/backoff.hpp"

#include <algorithm>

namespace cartrelay::dispatch {
namespace {

base::duration part_of(std::chrono::milliseconds whole, double fraction) {
  return std::chrono::duration_cast<base::duration>(whole * fraction);
}

}  // namespace

std::chrono::milliseconds backoff_ceiling(const destinations::retry_options& rules, std::uint32_t failures) {
  if (failures == 0) return std::chrono::milliseconds(0);
  auto ceiling = rules.initial;
  for (std::uint32_t doubled = 1; doubled < failures && ceiling < rules.max; ++doubled)
    ceiling *= 2;
  return std::min(ceiling, rules.max);
}

base::duration full_jitter(const destinations::retry_options& rules, std::uint32_t failures,
                           double fraction) {
  return part_of(backoff_ceiling(rules, failures), fraction);
}

base::duration half_jitter(const destinations::retry_options& rules, std::uint32_t failures,
                           base::random_source& random) {
  return part_of(backoff_ceiling(rules, failures), 0.5 + random.fraction() / 2);
}

}  // namespace cartrelay::dispatch
