#include "dispatch/outbox.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace cartrelay::dispatch {

outbox::ticket outbox::end(queue::end&& what) {
  filling_.rows.erase(what.number);
  if (what.tries.count > 0) ++filling_.repeatable;
  filling_.ends.push_back(std::move(what));
  return touch();
}

outbox::ticket outbox::wait(queue::exception row) {
  const auto number = row.number;
  filling_.rows.insert_or_assign(number, std::move(row));
  return touch();
}

outbox::ticket outbox::remember(std::vector<queue::state_change> changes) {
  std::move(changes.begin(), changes.end(), std::back_inserter(filling_.state));
  return touch();
}

outbox::ticket outbox::control(std::string blob) {
  filling_.control = std::move(blob);
  return touch();
}

void outbox::count_attempt(bool failed) {
  ++attempts_;
  if (failed) ++failed_attempts_;
  touch();
}

std::size_t outbox::ends() const noexcept {
  return filling_.ends.size() + (flying_ ? flying_->ends.size() : 0);
}

std::vector<queue::sequence> outbox::ending() const {
  std::vector<queue::sequence> out;
  out.reserve(ends());
  for (const auto* part : {&filling_, flying_ ? &*flying_ : nullptr})
    if (part != nullptr) std::ranges::transform(part->ends, std::back_inserter(out), &queue::end::number);
  std::ranges::sort(out);
  return out;
}

std::size_t outbox::repeatable_ends() const noexcept {
  return filling_.repeatable + (flying_ ? flying_->repeatable : 0);
}

std::optional<std::optional<std::string>> outbox::remembered(const std::string& key) const {
  const auto latest = [&](const content& from) -> const queue::state_change* {
    const auto found = std::find_if(from.state.rbegin(), from.state.rend(),
                                    [&](const queue::state_change& one) { return one.key == key; });
    return found == from.state.rend() ? nullptr : &*found;
  };
  if (const auto* change = latest(filling_)) return change->value;
  if (!flying_) return std::nullopt;
  if (const auto* change = latest(*flying_)) return change->value;
  return std::nullopt;
}

queue::progress outbox::take(queue::sequence cursor) {
  flying_ = std::exchange(filling_, {});
  dirty_ = hurried_ = false;
  awaiting_ = 0;
  ++taken_;
  queue::progress step;
  step.cursor = cursor;
  step.ends = flying_->ends;
  step.exceptions.reserve(flying_->rows.size());
  for (const auto& [number, row] : flying_->rows)
    step.exceptions.push_back(row);
  step.state = flying_->state;
  step.attempts = attempts_;
  step.failed_attempts = failed_attempts_;
  step.control = flying_->control;
  return step;
}

void outbox::done() {
  flying_.reset();
  durable_ = taken_;
}

void outbox::undo() {
  auto newer = std::exchange(filling_, std::move(*flying_));
  flying_.reset();
  for (auto& one : newer.ends)
    end(std::move(one));
  for (auto& [number, row] : newer.rows)
    filling_.rows.insert_or_assign(number, std::move(row));
  remember(std::move(newer.state));
  if (newer.control) filling_.control = std::move(newer.control);
  hurry();
}

outbox::ticket outbox::touch() noexcept {
  dirty_ = true;
  return taken_ + 1;
}

}  // namespace cartrelay::dispatch
