#include "dispatch/breaker.hpp"

#include "dispatch/backoff.hpp"

#include <utility>

namespace cartrelay::dispatch {

void breaker::failed(std::optional<std::uint64_t> key, bool was_probe, std::string reason,
                     base::steady_time now, base::random_source& random) {
  if (state_ != state::closed) {
    if (!was_probe) return;
    reason_ = std::move(reason);
    if (wait_.goes_on(now))
      state_ = state::open;
    else
      open(now, random);
    return;
  }
  if (failures_ == 0) first_key_ = key;
  ++failures_;
  different_keys_ = different_keys_ || !key || key != first_key_;
  if (failures_ < failures_to_open || !different_keys_) return;
  reason_ = std::move(reason);
  open(now, random);
}

bool breaker::alive() noexcept {
  const bool closed_now = state_ != state::closed;
  state_ = state::closed;
  failures_ = 0;
  different_keys_ = false;
  openings_ = 0;
  return closed_now;
}

void breaker::open(base::steady_time now, base::random_source& random) {
  state_ = state::open;
  ++openings_;
  wait_.until(now + half_jitter(rules_, openings_, random));
}

}  // namespace cartrelay::dispatch
