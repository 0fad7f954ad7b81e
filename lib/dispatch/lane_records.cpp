#include "dispatch/lane.hpp"

#include <algorithm>
#include <utility>

/// What a lane makes durable, and what it shows.
namespace cartrelay::dispatch {
namespace {

constexpr std::chrono::seconds refused_step_wait{1};
/// A position alone is worth a write only now and then: it lets the queue drop what nobody wanted here.
constexpr queue::sequence silent_progress = 1'024;
constexpr std::size_t rows_per_step = 1'024;

}  // namespace

std::optional<queue::progress> lane::step(instant now) {
  if (outbox_.on_its_way() || now.steady < retry_step_at_) return std::nullopt;
  if (step_waits_until(now)) return std::nullopt;
  move_cursor();
  if (outbox_.empty() && cursor_ - stored_cursor_ < silent_progress) return std::nullopt;
  move_on_past_waiting();
  stepped_at_ = now.steady;
  stored_cursor_ = cursor_;
  return outbox_.take(cursor_);
}

std::optional<base::steady_time> lane::step_waits_until(instant now) const {
  const bool goes_on = under_way_ > outbox_.awaiting() && !closed_;
  const bool worth_a_sync = outbox_.hurried() || outbox_.ends() >= limits_.ends_per_step;
  if (outbox_.empty() || !goes_on || worth_a_sync) return std::nullopt;
  const auto every = outbox_.awaiting() > 0 ? limits_.awaited_step_every : limits_.step_every;
  const auto at = stepped_at_ + every;
  return at > now.steady ? std::optional(at) : std::nullopt;
}

void lane::committed() {
  outbox_.done();
}

void lane::refused(instant now) {
  outbox_.undo();
  retry_step_at_ = now.steady + refused_step_wait;
}

/// Everything up to the cursor is finished or has a row, counting what the next step says.
void lane::move_cursor() {
  cursor_ = std::max(cursor_, before_first_without_row());
  std::erase_if(ended_, [&](queue::sequence number) { return number <= cursor_; });
}

queue::sequence lane::before_first_without_row() const {
  auto first = position_ + 1;
  const auto& waiting = window_.all();
  for (auto next = waiting.lower_bound(cursor_ + 1); next != waiting.end(); ++next)
    if (!next->second.has_row) {
      first = std::min(first, next->first);
      break;
    }
  for (auto next = returning_.lower_bound(cursor_ + 1); next != returning_.end(); ++next)
    if (next->second.planned && !next->second.planned->has_row) {
      first = std::min(first, next->first);
      break;
    }
  return first - 1;
}

/// An event that waits long (behind its key, or behind higher ranks) would hold the cursor, and everything
/// that ended after it would have to be remembered by number: rather let it have a row, and the cursor move
/// on.
void lane::move_on_past_waiting() {
  if (ended_.size() <= limits_.ended_ahead) return;
  std::sort(ended_.begin(), ended_.end());
  const auto enough = ended_[ended_.size() - 1 - limits_.ended_ahead / 2];
  for (std::size_t rows = 0; rows < rows_per_step && cursor_ < enough; ++rows) {
    auto* first = window_.find(cursor_ + 1);
    if (!first || first->has_row) break;  // the log was not read that far, or it is being planned anew
    write_row(*first);
    cursor_ = before_first_without_row();
  }
  move_cursor();
}

outbox::ticket lane::pause(bool paused, instant now) {
  gates_.pause(paused, now);
  return store_control(now);
}

outbox::ticket lane::store_control(instant now) {
  const auto due = outbox_.control(to_text(gates_.to_store(now)));
  outbox_.hurry();
  return due;
}

void lane::change(const destinations::options& given, batch_rules rules, instant now) {
  for (const auto& part : planned_)
    for (const auto number : part)
      window_.put_back(*window_.find(number), now.steady);
  planned_.clear();
  carts_.clear();
  overtaking_.clear();
  for (auto& [number, event] : window_.drain(rules))
    returning_[number].planned = std::make_unique<pending_event>(std::move(event));
  given_ = given;
  linger_ = rules.linger;
  if (gates_.change(given, now)) store_control(now);
}

std::optional<base::steady_time> lane::next_wakeup(instant now) const {
  std::optional<base::steady_time> at;
  const auto consider = [&](base::steady_time candidate) { at = at ? std::min(*at, candidate) : candidate; };
  if (given_.enabled)
    if (const auto expiry = window_.next_expiry()) consider(*expiry);
  if (now.steady < retry_step_at_) {
    consider(retry_step_at_);
    return at;
  }
  if (const auto step = step_waits_until(now)) consider(*step);
  if (const auto probe = gates_.probe_due(); probe && held() == 0 && *probe > now.steady) consider(*probe);
  if (!may_take(now)) return at;
  const auto ready = next_ready(now);
  if (!ready) return at;
  const auto gate = gates_.look(now, under_way_);
  if (gate.open || gate.opens_at) consider(std::max(*ready, gate.opens_at.value_or(now.steady)));
  return at;
}

/// When something could go, were the gates open.
std::optional<base::steady_time> lane::next_ready(instant now) const {
  return planned_.empty() ? window_.next_ready(now.steady) : now.steady;
}

/// Nothing is held back by it.
bool lane::is_only_doubted(instant now) const {
  const auto due = gates_.probe_due();
  return held() == 0 && due && *due <= now.steady;
}

destination_state lane::state(instant now) const {
  return is_only_doubted(now) ? destination_state::active : gates_.state(now);
}

std::string lane::reason(instant now) const {
  return is_only_doubted(now) ? std::string() : gates_.reason(now);
}

/// What waits to be brought back, which it does as long as the destination is disabled.
void lane::look_at_returning(view& out) const {
  const auto older = [&out](base::timestamp at) {
    out.oldest_pending = std::min(out.oldest_pending.value_or(at), at);
  };
  for (const auto& [number, back] : returning_) {
    if (back.planned) {
      older(back.planned->received_at);
      if (back.planned->before && back.planned->before->tries.count > 0) ++out.retrying;
    } else if (back.row) {
      older(back.row->age_from);
      if (back.row->tries.count > 0) ++out.retrying;
    }
  }
}

lane::view lane::look(instant now) const {
  view out;
  out.in_flight = events_under_way_;
  out.last_success_at = last_success_at_;
  out.last_error = last_error_;
  out.ends_per_second = ends_.per_second(now.steady);
  out.retrying = window_.retrying();
  // They were accepted in the order of their numbers.
  if (window_.size() > 0) out.oldest_pending = window_.all().begin()->second.received_at;
  look_at_returning(out);
  if (const auto next = next_ready(now)) out.next_attempt_at = past_gates(*next, now);
  return out;
}

std::optional<base::timestamp> lane::past_gates(base::steady_time own, instant now) const {
  const auto gate = gates_.look(now, 0);
  if (!gate.open && !gate.opens_at) return std::nullopt;
  const auto at = std::max(own, gate.opens_at.value_or(now.steady));
  return at > now.steady ? std::optional(wall_of(at, now)) : std::nullopt;
}

std::optional<base::timestamp> lane::next_attempt(queue::sequence number,
                                                  std::optional<base::timestamp> stored, instant now) const {
  const auto event = window_.all().find(number);
  if (event == window_.all().end())
    return past_gates(now.steady + (stored.value_or(now.wall) - now.wall), now);
  if (event->second.in_flight) return std::nullopt;
  return past_gates(event->second.not_before, now);
}

}  // namespace cartrelay::dispatch
