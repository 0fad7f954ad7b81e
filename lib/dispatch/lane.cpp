#include "dispatch/lane.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace cartrelay::dispatch {
namespace {

constexpr std::size_t most_overtaking = 1'024;

queue::end ended(queue::sequence number, queue::end_state how, std::string reason, std::string detail,
                 queue::attempts tries = {}) {
  queue::end out;
  out.number = number;
  out.state = how;
  out.reason = std::move(reason);
  out.detail = std::move(detail);
  out.tries = std::move(tries);
  return out;
}

/// The end of an event that cannot or need not go to the vendor.
queue::end unsendable(queue::sequence number, const event_plan& plan) {
  const auto& why = *plan.obstacle;
  if (why.what == destinations::screening::outcome::skipped)
    return ended(number, queue::end_state::skipped, why.reason, why.detail);
  const auto how = plan.is_dead_letter() ? queue::end_state::dead_letter : queue::end_state::skipped;
  const bool named = !why.reason.empty() && why.reason != "unmappable";
  auto detail = named ? fmt::format("{}: {}", why.reason, why.detail) : why.detail;
  return ended(number, how, "unmappable", std::move(detail));
}

/// What earlier attempts left behind stays with the event, unless its end says something newer.
void keep(past* before, queue::end& in) {
  if (before == nullptr) return;
  if (in.tries.count == 0) in.tries = std::move(before->tries);
  if (in.memo.empty()) in.memo = std::move(before->memo);
  if (in.results.empty()) in.results = std::move(before->results);
}

/// What is left of `span` that began at `from`.
base::steady_time after(base::timestamp from, std::chrono::milliseconds span, instant now) {
  return steady_of(from + span, now, span);
}

}  // namespace

lane::lane(const destinations::options& given, batch_rules rules, queue::unit_state stood, instant now,
           std::uint64_t seed, lane_limits limits)
    : limits_(limits),
      given_(given),
      gates_(given, now),
      random_(seed),
      window_(rules),
      linger_(rules.linger),
      carts_(stood.cursor),
      outbox_(stood.attempts, stood.failed_attempts),
      epoch_(stood.held.epoch),
      cursor_(stood.cursor),
      position_(stood.cursor),
      stored_cursor_(stood.cursor),
      ended_(std::move(stood.ended_after)),
      passed_(ended_),
      ends_(now.steady) {
  for (auto& row : stood.exceptions) {
    auto& back = returning_[row.number];
    back.row = std::make_unique<queue::exception>(std::move(row));
  }
  for (const auto number : stood.more_exceptions)
    returning_.try_emplace(number);
  for (auto next = returning_.upper_bound(cursor_); next != returning_.end(); ++next)
    passed_.push_back(next->first);
  std::sort(passed_.begin(), passed_.end(), std::greater<>());
  passed_.erase(std::unique(passed_.begin(), passed_.end()), passed_.end());

  auto known = parse_control(stood.control);
  if (!known) {
    // Whatever it said, sending although an operator said "pause" would be worse than waiting for one.
    gates_.pause(true, now);
    store_control(now);
  } else if (gates_.restore(std::move(*known), now)) {
    store_control(now);
  }
}

bool lane::wants_events(instant now) const {
  if (!given_.enabled || closed_ || !returning_.empty() || window_.size() >= limits_.capacity) return false;
  if (outbox_.ends() >= limits_.undurable_ends) return false;
  // While nothing can be sent, the more is known, the more snapshots supersede and orders come first.
  return window_.ready() < std::max(limits_.ready_ahead, 2 * window_.rules().max_events) ||
         gates_.state(now) != destination_state::active;
}

bool lane::was_passed(queue::sequence number) {
  while (!passed_.empty() && passed_.back() < number)
    passed_.pop_back();
  return !passed_.empty() && passed_.back() == number;
}

bool lane::offer(queue::sequence number, base::timestamp received_at, const event_plan& plan, instant now) {
  position_ = number;
  // A boundary is one whatever becomes of the event, and whenever it ended.
  if (plan.boundary && plan.cart_id != 0) bound_cart(plan, number);
  if (was_passed(number)) {
    // If it came back, that was before the log was read so far.
    if (auto* back = window_.find(number)) join_cart(*back, now);
    return false;
  }
  if (plan.obstacle) {
    end_unsendable(number, plan, nullptr, now);
    return true;
  }
  pending_event what;
  what.number = number;
  what.plan = plan;
  what.received_at = what.age_from = received_at;
  join_cart(admit(std::move(what), now), now);
  return true;
}

bool lane::offer_broken(queue::sequence number, std::string reason, std::string detail, instant now) {
  position_ = number;
  if (was_passed(number)) return false;
  end(ended(number, queue::end_state::dead_letter, std::move(reason), std::move(detail)), now);
  return true;
}

std::vector<lane::returning> lane::wants_back(std::size_t most) const {
  std::vector<returning> out;
  if (!given_.enabled || closed_ || outbox_.ends() >= limits_.undurable_ends) return out;
  const auto room = window_.size() < limits_.capacity ? limits_.capacity - window_.size() : 0;
  for (const auto& [number, known] : returning_) {
    if (out.size() >= std::min(most, room)) break;
    out.push_back({number, !known.row && !known.planned});
  }
  return out;
}

bool lane::bring_back(queue::sequence number, base::timestamp received_at, const event_plan& plan,
                      std::optional<queue::exception> row, instant now) {
  auto what = revive(number, std::move(row), received_at, now);
  if (!what) return false;
  if (plan.obstacle) {
    end_unsendable(number, plan, what->before.get(), now);
    return true;
  }
  what->plan = plan;
  auto& held = admit(std::move(*what), now);
  held.bounded = number <= position_ && carts_.is_cut_off(plan.cart_id, number).value_or(held.bounded);
  if (number <= position_) join_cart(held, now);
  return true;
}

bool lane::bring_back_broken(queue::sequence number, std::string reason, std::string detail,
                             std::optional<queue::exception> row, instant now) {
  auto what = revive(number, std::move(row), {}, now);
  if (!what && !returning_.contains(number)) return false;
  returning_.erase(number);
  auto how = ended(number, queue::end_state::dead_letter, std::move(reason), std::move(detail));
  if (what) keep(what->before.get(), how);
  end(std::move(how), now);
  return true;
}

void lane::replayed(const std::vector<queue::sequence>& numbers) {
  const auto ending = outbox_.ending();
  for (const auto number : numbers)
    if (!window_.find(number) && !std::ranges::binary_search(ending, number)) returning_.try_emplace(number);
}

std::unique_ptr<pending_event> lane::revive(queue::sequence number, std::optional<queue::exception> row,
                                            base::timestamp received_at, instant now) {
  const auto found = returning_.find(number);
  if (found == returning_.end()) return nullptr;
  auto known = std::move(found->second);
  if (known.planned || known.row || row) returning_.erase(found);
  if (known.planned) return std::move(known.planned);
  if (known.row && !row) row = std::move(*known.row);
  if (!row) return nullptr;
  if (row->marked) {
    end_in_doubt(std::move(*row), now);
    return nullptr;
  }
  auto what = std::make_unique<pending_event>();
  what->number = number;
  what->received_at = received_at;
  what->age_from = row->age_from;
  what->has_row = true;
  what->bounded = !row->replaceable;
  if (row->next_attempt) what->not_before = steady_of(*row->next_attempt, now, given_.retry.max);
  if (row->tries.count > 0 || !row->memo.empty() || !row->results.empty()) {
    const auto failures = row->next_attempt ? row->tries.count : 0;
    what->before =
        std::make_unique<past>(past{std::move(row->tries), failures, row->next_attempt,
                                    std::move(row->reason), std::move(row->memo), std::move(row->results)});
  }
  return what;
}

void lane::end_in_doubt(queue::exception row, instant now) {
  auto how =
      ended(row.number, queue::end_state::dead_letter, "in_doubt",
            "it may have been sent when the daemon ended, and must not be sent twice", std::move(row.tries));
  how.memo = std::move(row.memo);
  how.results = std::move(row.results);
  end(std::move(how), now);
  ++in_doubt_;
}

pending_event& lane::admit(pending_event what, instant now) {
  what.expires = after(what.age_from, given_.retry.max_age, now);
  what.linger_until = after(what.age_from, linger_, now);
  return window_.add(std::move(what), now.steady);
}

/// What was read from the log joins its cart's history in its turn. What comes back finds newer ones there.
void lane::join_cart(pending_event& held, instant now) {
  if (!held.plan.replaceable || held.bounded) return;
  if (held.plan.snapshot) supersede_older(held, now);
  carts_.add(held.plan, held.number);
  if (const auto by = newer_snapshot(held)) supersede(held, by, now);
}

/// That nothing supersedes them any more has to be known after a restart too. What may be under way, and must
/// not be sent twice, keeps its mark: it never comes back.
void lane::bound_cart(const event_plan& by, queue::sequence number) {
  for (const auto older : carts_.boundary(by.cart_id, number)) {
    auto* held = window_.find(older);
    if (!held) continue;
    held->bounded = true;
    const bool marked = held->in_flight && given_.on_in_doubt == destinations::on_in_doubt::dead_letter;
    if (held->has_row && !marked) write_row(*held);
  }
}

void lane::supersede_older(const pending_event& by, instant now) {
  for (const auto number : carts_.older_than(by.plan, by.number)) {
    auto* older = window_.find(number);
    if (!older || older->in_flight || !older->plan.shares_key(by.plan)) continue;
    supersede(*older, by.number, now);
  }
}

void lane::supersede(pending_event& older, queue::sequence by, instant now) {
  auto how = ended(older.number, queue::end_state::superseded, "superseded", "a newer snapshot of the cart");
  how.superseded_by = by;
  end_pending(older, std::move(how), now);
}

queue::sequence lane::newer_snapshot(const pending_event& what) {
  if (!what.plan.replaceable || what.bounded) return 0;
  for (const auto number : carts_.newer_than(what.plan, what.number)) {
    const auto* held = window_.find(number);
    const auto& newer = held ? held->plan : overtaking_.at(number);
    if (newer.snapshot && newer.shares_key(what.plan)) return number;
  }
  return 0;
}

/// Bringing back many takes a while. A snapshot that was pending when it began, and is delivered before an
/// older one of its cart has come, supersedes that one all the same.
bool lane::stays_in_history(const pending_event& what, const queue::end& how) const {
  const bool others_come = !returning_.empty() && returning_.begin()->first < what.number;
  return what.plan.snapshot && !what.bounded && how.state == queue::end_state::delivered && others_come &&
         overtaking_.size() < most_overtaking;
}

void lane::forget_overtaking() {
  if (!returning_.empty()) return;
  for (const auto& [number, plan] : std::exchange(overtaking_, {}))
    carts_.remove(plan, number);
}

void lane::tick(instant now) {
  forget_overtaking();
  if (!given_.enabled) return;
  for (const auto number : window_.expired(now.steady)) {
    auto& what = *window_.find(number);
    if (what.in_flight) unplan(number);
    const auto age = base::format_duration(given_.retry.max_age);
    end_pending(what, ended(number, queue::end_state::expired, "expired", fmt::format("older than {}", age)),
                now);
    ++expired_;
  }
}

void lane::end_unsendable(queue::sequence number, const event_plan& plan, past* before, instant now) {
  auto how = unsendable(number, plan);
  keep(before, how);
  end(std::move(how), now);
}

void lane::end_pending(pending_event& what, queue::end&& how, instant now) {
  const auto number = what.number;
  how.withdrawn = what.withdrawn;
  keep(what.before.get(), how);
  if (stays_in_history(what, how))
    overtaking_.emplace(number, what.plan);
  else if (what.plan.replaceable)
    carts_.remove(what.plan, number);
  window_.remove(number, now.steady);
  end(std::move(how), now);
}

void lane::end(queue::end&& what, instant now) {
  what.at = now.wall;
  if (what.number > cursor_) ended_.push_back(what.number);
  ends_.add(1, now.steady);
  outbox_.end(std::move(what));
}

}  // namespace cartrelay::dispatch
