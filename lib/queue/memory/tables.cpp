#include "queue/memory/tables.hpp"

#include "queue/errc.hpp"
#include "queue/match.hpp"

#include <algorithm>

namespace cartrelay::queue::memory {
namespace {

base::result<void> check_event(const tables& all, const unit& mine, sequence number) {
  if (mine.finished(number) || mine.owns_copy(number)) return {};
  const auto found = all.log.find(number);
  if (found != all.log.end() && goes_to(found->second, mine.id)) return {};
  return fail(errc::not_found, "event " + std::to_string(number) + " is not routed to '" + mine.name + "'");
}

}  // namespace

unit* tables::find(destination_id id) {
  const auto found = units.find(id);
  return found == units.end() ? nullptr : &found->second;
}

std::vector<append_outcome> tables::append(const std::vector<new_event>& events,
                                           std::chrono::milliseconds dedup_window) {
  auto outcomes = decide(events, dedup_window);
  const auto conflicts = [](const append_outcome& one) { return one.status == append_status::conflict; };
  if (std::any_of(outcomes.begin(), outcomes.end(), conflicts)) return outcomes;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const bool fresh = outcomes[i].status == append_status::appended;
    if (fresh) store(events[i]);
    ++(fresh ? ingest.accepted : ingest.duplicates);
  }
  return outcomes;
}

std::vector<append_outcome> tables::decide(const std::vector<new_event>& events,
                                           std::chrono::milliseconds dedup_window) const {
  std::vector<append_outcome> outcomes;
  std::map<idempotency_key, identity> mine;
  auto number = next;
  bool conflict = false;
  const auto known = [&](const idempotency_key& key, base::timestamp now) -> const identity* {
    if (const auto here = mine.find(key); here != mine.end()) return &here->second;
    const auto stored = identities.find(key);
    const bool recent = stored != identities.end() && now - stored->second.accepted_at < dedup_window;
    return recent ? &stored->second : nullptr;
  };
  for (const auto& event : events) {
    const idempotency_key key(event.source, event.id);
    if (const auto* const earlier = known(key, event.received_at)) {
      const bool equal = same(*earlier, event);
      conflict = conflict || !equal;
      outcomes.push_back({equal ? append_status::duplicate : append_status::conflict, 0, earlier->number});
    } else {
      mine.emplace(key, identity_of(event, number));
      outcomes.push_back({append_status::appended, 0, number++});
    }
  }
  for (auto& outcome : outcomes)
    if (conflict && outcome.number >= next) outcome.number = 0;
  return outcomes;
}

void tables::store(const new_event& event) {
  identities[{event.source, event.id}] = identity_of(event, next);
  log[next] = {0, next, event.type, event.received_at, event.routed, event.stored};
  stored_bytes += event.stored.size();
  for (const auto id : event.routed)
    ++units.at(id).counts.routed;
  ++next;
}

base::result<void> tables::commit(const lease& held, const progress& step) {
  auto* const mine = find(held.destination);
  if (mine == nullptr) return fail(errc::not_found, "no such destination");
  if (held.part != 0 || held.epoch != mine->epoch) return fail(errc::stale_lease);
  if (step.cursor >= next) return fail(errc::not_found, "the cursor is past the last event");
  for (const auto& each : step.exceptions)
    if (auto known = check_event(*this, *mine, each.number); !known) return known;
  for (const auto& each : step.ends)
    if (auto known = check_event(*this, *mine, each.number); !known) return known;
  for (const auto& each : step.exceptions) {
    if (mine->finished(each.number)) continue;
    exceptions[{mine->id, each.number}] = each;
    mine->wait(each.number, mine->owns_copy(each.number));
  }
  for (const auto& each : step.ends)
    finish(*mine, each);
  for (const auto& change : step.state) {
    if (change.value)
      state[{mine->id, change.key}] = change;
    else
      state.erase({mine->id, change.key});
  }
  mine->count_attempts(step);
  if (step.control) mine->control = *step.control;
  mine->advance(step.cursor);
  return {};
}

void tables::finish(unit& at, const end& how) {
  if (at.finished(how.number)) return;
  const place here{at.id, how.number};
  auto& kept = ends[here] = how;
  kept.evidence.clear();
  if (const auto row = exceptions.find(here); row != exceptions.end()) {
    if (how.withdrawn && how.tries.count == 0) kept.tries = row->second.tries;
    exceptions.erase(row);
  }
  if (how.state == end_state::dead_letter) {
    dead_letters[here] = how;
    if (!at.owns_copy(how.number)) copies[here] = log.at(how.number);
  } else if (!how.withdrawn) {
    copies.erase(here);
  }
  at.finish(how.number, how.state);
}

bool tables::requeue(const dead_letter_key& which, base::timestamp now) {
  const place here{which.destination, which.number};
  const auto found = dead_letters.find(here);
  if (found == dead_letters.end()) return false;
  const auto& was = found->second;
  exceptions[here] = {which.number, was.tries, {}, now, false, false, was.reason, was.memo, was.results};
  dead_letters.erase(found);
  ends.erase(here);
  units.at(which.destination).revive(which.number);
  return true;
}

bool tables::discard(const dead_letter_key& which, base::timestamp now, const std::string& reason) {
  const place here{which.destination, which.number};
  const auto found = dead_letters.find(here);
  if (found == dead_letters.end()) return false;
  auto was = found->second;
  was.state = end_state::discarded;
  was.at = now;
  was.evidence.clear();
  if (!reason.empty()) was.reason = reason;
  ends[here] = std::move(was);
  dead_letters.erase(found);
  copies.erase(here);
  units.at(which.destination).give_up_dead_letter();
  return true;
}

std::uint64_t tables::trim(base::timestamp now, std::chrono::milliseconds retention, std::uint64_t most) {
  auto needed = next;
  for (const auto& [id, each] : units)
    needed = std::min(needed, each.needs_from(next));
  std::uint64_t dropped = 0;
  while (!log.empty() && log.begin()->first < needed) {
    const auto& [number, event] = *log.begin();
    if (now - event.received_at <= retention && stored_bytes <= most) break;
    for (const auto id : event.routed)
      ends.erase({id, number});
    stored_bytes -= event.stored.size();
    log.erase(log.begin());
    ++dropped;
  }
  if (dropped == 0) return 0;
  first = log.empty() ? next : log.begin()->first;
  for (auto& [id, each] : units)
    each.advance(first - 1);
  return dropped;
}

}  // namespace cartrelay::queue::memory
