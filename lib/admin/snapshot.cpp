#include "admin/snapshot.hpp"

#include <algorithm>

namespace cartrelay::admin {

std::string_view overall_state(const snapshot& seen) noexcept {
  if (seen.phase == phase::stopping) return "stopping";
  const auto ails = [](const dispatch::destination_status& destination) {
    return destination.configured && destination.enabled &&
           destination.state != dispatch::destination_state::active;
  };
  const bool degraded = !seen.queue.writable || std::ranges::any_of(seen.destinations, ails);
  return degraded ? "degraded" : "running";
}

queue::sequence first_sequence(const queue::queue_stats& seen) noexcept {
  return seen.events == 0 ? 0 : seen.first;
}

double oldest_pending_age_s(const dispatch::destination_status& destination, base::timestamp now) {
  if (!destination.oldest_pending) return 0;
  const std::chrono::duration<double> age = now - *destination.oldest_pending;
  return std::max(age.count(), 0.0);  // the wall clock may have been set back
}

double oldest_pending_age_s(const snapshot& seen) {
  double oldest = 0;
  for (const auto& destination : seen.destinations)
    oldest = std::max(oldest, oldest_pending_age_s(destination, seen.now));
  return oldest;
}

}  // namespace cartrelay::admin
