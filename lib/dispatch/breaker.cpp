#include "dispatch/breaker.hpp"

#include "dispatch/backoff.hpp"

#include <utility>

namespace cartrelay::dispatch {

void breaker::failed(std::optional<std::uint64_t> key, bool was_probe, std::string reason,
                     base::steady_time now, base::random_source& random) {
  if (state_ != state::closed) {
    if (!was_probe) return;
    reason_ = std::move(reason);
    const auto due = std::exchange(hastened_from_, std::nullopt);
    if (due && now < *due)
      wait_until(*due);
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
  hastened_from_.reset();
  return closed_now;
}

void breaker::hasten(base::steady_time now) noexcept {
  if (probe_at_ <= now) return;
  hastened_from_ = probe_at_;
  probe_at_ = now;
}

void breaker::open(base::steady_time now, base::random_source& random) {
  ++openings_;
  wait_until(now + half_jitter(rules_, openings_, random));
}

void breaker::wait_until(base::steady_time at) noexcept {
  state_ = state::open;
  probe_at_ = at;
}

}  // namespace cartrelay::dispatch
