#include "dispatch/governor.hpp"

#include "dispatch/account_mark.hpp"

#include <algorithm>
#include <utility>

namespace cartrelay::dispatch {

governor::way::way(const destinations::options& given)
    : ca_file(given.ca_file),
      ca_digest(given.ca_digest),
      proxy(given.proxy),
      connect_timeout(given.connect_timeout),
      request_timeout(given.request_timeout) {}

governor::governor(const destinations::options& given, instant now)
    : retry_(given.retry),
      enabled_(given.enabled),
      kind_(given.kind),
      account_(account_mark(given)),
      address_(address_mark(given)),
      way_(given),
      hold_(given.retry),
      breaker_(given.retry),
      limit_(given.concurrency),
      bucket_(given.rate, now.steady),
      rate_(given.rate) {}

governor::opening governor::look(instant now, std::size_t in_flight) const {
  if (!enabled_ || paused_ || probing_) return {};
  auto from = hold_.until();
  const bool doubtful = suspension_.active() || down();
  if (suspension_.active())
    from = std::max(from, suspension_.probe_at());
  else if (down())
    from = std::max(from, breaker_.probe_at());
  else if (in_flight >= limit_.limit())
    return {};
  from = std::max(from, bucket_.available_at(now.steady, expected_ + 1));
  if (now.steady < from) return {false, doubtful, from};
  return {true, doubtful, std::nullopt};
}

void governor::begin(bool probe) noexcept {
  ++expected_;
  if (!probe) return;
  probing_ = true;
  if (!suspension_.active()) breaker_.probe();
}

std::optional<base::steady_time> governor::admit(bool first, instant now) {
  if (!bucket_.available(now.steady)) return bucket_.available_at(now.steady);
  bucket_.take(now.steady);
  if (first) --expected_;
  return std::nullopt;
}

bool governor::interrupts(bool probe, instant now) const {
  return paused_ || hold_.active(now.steady) || (suspension_.active() && !probe);
}

void governor::measure(bool overloaded, base::duration latency, instant now) {
  if (overloaded)
    limit_.overloaded(latency, now.steady);
  else
    limit_.good(latency, now.steady);
}

bool governor::end(const signal& what, instant now, base::random_source& random) {
  if (what.probe) probing_ = false;
  if (!what.sent) --expected_;
  bool stored_changes = false;
  if (what.retry_after) {
    hold_.ask(*what.retry_after, what.reason, now);
    stored_changes = true;
  } else if (what.what == signal::kind::throttled) {
    hold_.throttled(what.reason, now, random);
    stored_changes = true;
  }
  if (suspension_.active()) return end_suspended(what, now) || stored_changes;
  switch (what.what) {
    case signal::kind::unauthorized:
      suspension_.begin(what.reason, account_, now);
      breaker_.alive();
      return true;
    case signal::kind::failed:
      // A vendor that says when to come back needs no guessing, and one that stumbles over the same event
      // again is not worse for it; a probe's failure has to count all the same.
      if ((!what.retry_after && !what.known) || what.probe)
        breaker_.failed(what.key, what.probe, what.reason, now.steady, random);
      return stored_changes;
    case signal::kind::alive:
      hold_.alive();
      [[fallthrough]];
    case signal::kind::throttled:
      if (breaker_.alive()) limit_.ramp();
      return stored_changes;
    case signal::kind::abandoned:
      if (what.probe) breaker_.failed(what.key, true, breaker_.reason(), now.steady, random);
      return stored_changes;
  }
  return stored_changes;
}

bool governor::end_suspended(const signal& what, instant now) {
  // What was under way since before the suspension says nothing new.
  if (!what.probe) return false;
  if (what.what == signal::kind::alive) {
    suspension_.end();
    limit_.ramp();
  } else {
    // An outage in between says nothing of the credential, which is what somebody has to look at.
    const bool refused = what.what == signal::kind::unauthorized;
    suspension_.probe_failed(refused ? what.reason : suspension_.stored()->reason, now);
  }
  return true;
}

void governor::pause(bool paused, instant now) {
  if (std::exchange(paused_, paused) || paused) return;
  if (suspension_.active())
    suspension_.hasten(now);
  else if (down())
    breaker_.hasten(now.steady);
}

bool governor::change(const destinations::options& given, instant now) {
  auto account = account_mark(given), address = address_mark(given);
  const bool elsewhere = address != address_;
  const bool resumes = account != account_ && suspension_.active();
  const auto held = to_store(now).held;
  if (elsewhere || given.retry != retry_) {
    hold_ = dispatch::hold(given.retry);
    if (held && !elsewhere) hold_.restore(*held, now);
  }
  way along(given);
  if (elsewhere || given.retry != retry_ || along != way_) breaker_ = dispatch::breaker(given.retry);
  way_ = std::move(along);
  retry_ = given.retry;
  enabled_ = given.enabled;
  const bool other_kind = std::exchange(kind_, given.kind) != given.kind;
  account_ = std::move(account);
  address_ = std::move(address);
  limit_ = adaptive_limit(given.concurrency);
  if (given.rate != rate_) bucket_ = token_bucket(given.rate, now.steady);
  rate_ = given.rate;
  if (resumes) {
    suspension_.end();
    limit_.ramp();
  }
  return other_kind || resumes || (elsewhere && held);
}

control governor::to_store(instant now) const {
  control out;
  out.kind = kind_;
  out.paused = paused_;
  if (hold_.active(now.steady))
    out.held = control::pause{wall_of(hold_.until(), now), hold_.reason(), address_, now.wall};
  out.suspended = suspension_.stored();
  return out;
}

bool governor::restore(control known, instant now) {
  paused_ = known.paused;
  const bool held_elsewhere = known.held && !known.held->address.empty() && known.held->address != address_;
  const bool refused_another = known.suspended && known.suspended->account != account_;
  if (known.held && !held_elsewhere) hold_.restore(*known.held, now);
  if (known.suspended && !refused_another) suspension_.restore(std::move(*known.suspended), now);
  return known.kind != kind_ || held_elsewhere || refused_another;
}

destination_state governor::state(instant now) const {
  if (paused_) return destination_state::paused;
  if (suspension_.active()) return destination_state::suspended;
  if (down() || hold_.active(now.steady)) return destination_state::backing_off;
  return destination_state::active;
}

std::string governor::reason(instant now) const {
  if (paused_) return "paused by operator";
  if (suspension_.active()) return "credential: " + suspension_.stored()->reason;
  if (down()) return "breaker: " + breaker_.reason();
  if (hold_.active(now.steady)) return "hold: " + hold_.reason();
  return {};
}

std::optional<base::steady_time> governor::probe_due() const {
  if (paused_ || suspension_.active() || !down()) return std::nullopt;
  return std::max(hold_.until(), breaker_.probe_at());
}

}  // namespace cartrelay::dispatch
