#include "dispatch/hold.hpp"

#include "dispatch/backoff.hpp"

#include <algorithm>
#include <utility>

namespace cartrelay::dispatch {

std::chrono::seconds capped(std::chrono::seconds asked) noexcept {
  return std::clamp(asked, std::chrono::seconds(0), longest_retry_after);
}

void hold::ask(std::chrono::seconds wait, std::string reason, instant now) {
  extend(now.steady + capped(wait), std::move(reason));
}

void hold::throttled(std::string reason, instant now, base::random_source& random) {
  // Requests that were under way together are told off together: that is one time.
  if (active(now.steady)) return;
  ++streak_;
  extend(now.steady + half_jitter(rules_, streak_, random), std::move(reason));
}

void hold::restore(const control::pause& stored, instant now) {
  std::chrono::microseconds longest = std::max<std::chrono::microseconds>(longest_retry_after, rules_.max);
  if (stored.since) longest = std::clamp(stored.until - *stored.since, std::chrono::microseconds(0), longest);
  extend(steady_of(stored.until, now, longest), stored.reason);
}

void hold::extend(base::steady_time until, std::string reason) {
  if (until <= until_) return;
  until_ = until;
  reason_ = std::move(reason);
}

}  // namespace cartrelay::dispatch
