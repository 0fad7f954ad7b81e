#include "simulation/store.hpp"

#include "simulation/violation.hpp"

#include <algorithm>

namespace cartrelay::simulation {

using queue::end_state;

void store::apply(const queue::progress& step) {
  require(step.cursor >= cursor_, "the cursor moves back from {} to {}", cursor_, step.cursor);
  for (const auto& what : step.ends) {
    check_end(what);
    rows_.erase(what.number);
    ends_[what.number] = what;
    ++totals_[what.state];
  }
  for (const auto& row : step.exceptions) {
    require(!ends_.contains(row.number), "event {} has ended and gets a row", row.number);
    require(log_.find(row.number) != nullptr, "there is no event {}", row.number);
    rows_[row.number] = row;
  }
  for (const auto& change : step.state)
    if (change.value)
      state_[change.key] = *change.value;
    else
      state_.erase(change.key);
  if (step.control) control_ = *step.control;
  const auto from = std::exchange(cursor_, step.cursor);
  check_cursor(from);
  check_ledger();
}

void store::check_end(const queue::end& what) const {
  const auto* event = log_.find(what.number);
  require(event != nullptr, "there is no event {}", what.number);
  const auto known = ends_.find(what.number);
  require(known == ends_.end(), "event {} ends twice", what.number);
  const auto destiny = fate_of(*event->what);
  switch (what.state) {
    case end_state::delivered:
      require(destiny == fate::plain, "{} cannot be delivered", event->what->id);
      break;
    case end_state::skipped:
      require(
          destiny == fate::skipped || (destiny == fate::unmappable && !event::is_order(event->what->type)),
          "{} is skipped", event->what->id);
      break;
    case end_state::superseded:
      check_superseded(what);
      break;
    case end_state::dead_letter:
      require(what.reason == "in_doubt" || (what.reason == "rejected" && destiny == fate::poisoned) ||
                  (what.reason == "unmappable" && destiny == fate::unmappable &&
                   event::is_order(event->what->type)),
              "{} is a dead letter: {}", event->what->id, what.reason);
      require(what.reason != "rejected" || !what.evidence.empty(), "{} has no evidence", event->what->id);
      break;
    case end_state::expired:
      break;
    case end_state::discarded:
      throw violation("nobody discarded anything");
  }
}

void store::check_superseded(const queue::end& what) const {
  const auto* older = log_.find(what.number);
  const auto* newer = log_.find(what.superseded_by);
  require(newer != nullptr && newer->number > older->number, "{} is superseded by nothing newer",
          what.number);
  require(newer->what->type == event::event_type::cart_updated, "{} is no snapshot", newer->number);
  const auto cart = cart_of(*older->what);
  require(cart == cart_of(*newer->what) && older->what->source == newer->what->source,
          "{} and {} are of different carts", what.number, newer->number);
  for (auto i = log_.index_after(older->number - 1); i < log_.index_after(newer->number); ++i) {
    const auto& between = *log_.log()[i].what;
    require(cart_of(between) != cart || !is_boundary(between), "{} is superseded by {} across {}",
            what.number, newer->number, between.id);
  }
}

/// Everything up to the cursor has ended or has a row.
void store::check_cursor(queue::sequence from) const {
  for (auto i = log_.index_after(from); i < log_.log().size() && log_.log()[i].number <= cursor_; ++i) {
    const auto number = log_.log()[i].number;
    require(ends_.contains(number) || rows_.contains(number), "the cursor {} passes event {}", cursor_,
            number);
  }
}

/// routed = the sum of all states + backlog, where the totals are counted as an engine counts them.
void store::check_ledger() const {
  std::uint64_t sum = 0;
  for (const auto& [state, count] : totals_)
    sum += count;
  require(sum == ends_.size(), "the totals say {} ended, and {} have", sum, ends_.size());
}

queue::unit_state store::acquire(std::size_t most_rows) {
  queue::unit_state out;
  out.held.epoch = ++epoch_;
  out.cursor = cursor_;
  for (const auto& [number, row] : rows_) {
    if (out.exceptions.size() < most_rows)
      out.exceptions.push_back(row);
    else
      out.more_exceptions.push_back(number);
  }
  for (auto end = ends_.upper_bound(cursor_); end != ends_.end(); ++end)
    out.ended_after.push_back(end->first);
  out.control = control_;
  return out;
}

std::vector<queue::sequence> store::dead_letters() const {
  std::vector<queue::sequence> out;
  for (const auto& [number, end] : ends_)
    if (end.state == end_state::dead_letter) out.push_back(number);
  return out;
}

void store::requeue(const std::vector<queue::sequence>& numbers, base::timestamp now) {
  for (const auto number : numbers) {
    auto found = ends_.extract(number);
    queue::exception row;
    row.number = number;
    row.tries = found.mapped().tries;
    row.memo = found.mapped().memo;
    row.age_from = now;
    rows_[number] = std::move(row);
    --totals_[end_state::dead_letter];
    replayed_at_[number] = now;
  }
}

base::timestamp store::age_from(queue::sequence number) const {
  const auto found = replayed_at_.find(number);
  return found == replayed_at_.end() ? log_.find(number)->received_at : found->second;
}

const queue::end* store::end_of(queue::sequence number) const {
  const auto found = ends_.find(number);
  return found == ends_.end() ? nullptr : &found->second;
}

const queue::exception* store::row_of(queue::sequence number) const {
  const auto found = rows_.find(number);
  return found == rows_.end() ? nullptr : &found->second;
}

std::optional<std::string> store::remembered(const std::string& key) const {
  const auto found = state_.find(key);
  if (found == state_.end()) return std::nullopt;
  return found->second;
}

void store::require_all_ended() const {
  for (const auto& entry : log_.log())
    require(ends_.contains(entry.number), "event {} never ended", entry.what->id);
  require(rows_.empty(), "{} rows are left", rows_.size());
}

}  // namespace cartrelay::simulation
