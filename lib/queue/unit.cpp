#include "queue/unit.hpp"

#include <algorithm>
#include <cassert>

namespace cartrelay::queue {

bool unit::waits(sequence number) const {
  return leaning_.contains(number) || with_copy_.contains(number);
}

bool unit::finished(sequence number) const {
  return number <= cursor ? !waits(number) : ended_after_.contains(number);
}

void unit::wait(sequence number, bool copy) {
  if (waits(number)) return;
  (copy ? with_copy_ : leaning_).insert(number);
}

void unit::finish(sequence number, end_state how) {
  leaning_.erase(number);
  with_copy_.erase(number);
  if (number > cursor) ended_after_.insert(number);
  count_end(how);
}

void unit::count_end(end_state how) {
  switch (how) {
    case end_state::delivered:
      ++counts.delivered;
      break;
    case end_state::skipped:
      ++counts.skipped;
      break;
    case end_state::superseded:
      ++counts.superseded;
      break;
    case end_state::expired:
      ++counts.expired;
      break;
    case end_state::dead_letter:
      ++counts.dead_letters;
      break;
    case end_state::discarded:
      ++counts.discarded;
      break;
  }
}

void unit::count_attempts(const progress& step) {
  counts.attempts = std::max(counts.attempts, step.attempts);
  counts.failed_attempts = std::max(counts.failed_attempts, step.failed_attempts);
}

void unit::revive(sequence number) {
  assert(counts.dead_letters > 0);
  ended_after_.erase(number);
  --counts.dead_letters;
  wait(number, true);
}

void unit::give_up_dead_letter() {
  assert(counts.dead_letters > 0);
  --counts.dead_letters;
  ++counts.discarded;
}

void unit::advance(sequence to) {
  if (to <= cursor) return;
  cursor = to;
  ended_after_.erase(ended_after_.begin(), ended_after_.upper_bound(cursor));
}

sequence unit::needs_from(sequence next) const {
  const auto pinned = leaning_.empty() ? next : *leaning_.begin();
  // Everything unfinished waits as an exception: what lies after the cursor was never for this destination.
  const bool behind = counts.ended() + waiting() != counts.routed;
  return std::min({pinned, next, behind ? cursor + 1 : next});
}

}  // namespace cartrelay::queue
