#include "queue/rocksdb/commit_job.hpp"

#include "base/log.hpp"
#include "queue/rocksdb/essentials.hpp"
#include "queue/rocksdb/progress_records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace cartrelay::queue::rocks {
namespace {

base::result<void> check_event(write_side& side, const unit& mine, sequence number) {
  if (mine.finished(number)) return {};
  if (number == 0 || number >= side.books.where().next)
    return fail(errc::not_found, fmt::format("event {} was never accepted", number));
  if (mine.owns_copy(number)) return {};
  const auto found = side.routing.of(number);
  const auto* const to = found ? *found : nullptr;
  const bool routed =
      to == nullptr ? mine.counts.backlog() > 0 : std::find(to->begin(), to->end(), mine.id) != to->end();
  if (routed) return {};
  return fail(errc::not_found, fmt::format("event {} is not routed to '{}'", number, mine.name));
}

}  // namespace

void end_event(write_side& side, rocksdb::WriteBatch& batch, unit& at, const end& told, end_needs needs) {
  if (at.finished(told.number)) return;
  const auto key = unit_key(at.id, 0, told.number);
  const bool has_copy = at.owns_copy(told.number);
  std::optional<end> completed;  // rare: every other end is written as it was told
  if (needs.waited) completed.emplace(told).tries = std::move(*needs.waited);
  const auto& how = completed ? *completed : told;
  if (at.waits(how.number)) batch.Delete(side.data[family::exceptions], key);
  // Below the log's first record nobody asks for the row but an erasure.
  if (how.number >= side.books.where().first || how.withdrawn)
    batch.Put(side.data[family::ends], key, encode_end(key, how, evidence::leave));
  if (how.state == end_state::dead_letter) {
    batch.Put(side.data[family::dead_letters], key, encode_end(key, how, evidence::keep));
    // A dead letter outlives the log, so the record goes with it, byte for byte.
    if (needs.record)
      batch.Put(side.data[family::copies], key, *needs.record);
    else if (!has_copy)
      base::log::warning("queue: the record of dead letter {} cannot be read", how.number);
  } else if (has_copy && !how.withdrawn) {
    batch.Delete(side.data[family::copies], key);
  }
  at.finish(how.number, how.state);
  side.books.touch(at);
}

base::result<void> commit_job::check(write_side& side, const unit& mine) const {
  if (held_.part != 0 || held_.epoch != mine.epoch)
    return fail(errc::stale_lease, fmt::format("'{}' was acquired again", mine.name));
  if (step_.cursor >= side.books.where().next)
    return fail(errc::not_found, fmt::format("the cursor {} is past the last event", step_.cursor));
  for (const auto& each : step_.exceptions)
    if (auto known = check_event(side, mine, each.number); !known) return known.error();
  for (const auto& each : step_.ends)
    if (auto known = check_event(side, mine, each.number); !known) return known.error();
  return {};
}

/// Fails where the disk does not give it now: the step is kept, and comes again.
base::result<void> commit_job::read_needs(const write_side& side, const unit& mine) {
  for (const auto& each : step_.ends) {
    const bool copied = each.state == end_state::dead_letter && !mine.owns_copy(each.number);
    const bool completed = each.withdrawn && each.tries.count == 0;
    if ((!copied && !completed) || mine.finished(each.number)) continue;
    auto& needs = needs_[each.number];
    if (copied) {
      auto stored = side.data.get_sound(family::log, log_key(0, each.number));
      if (!stored) return stored.error();
      needs.record = std::move(*stored);
    }
    if (completed) {
      auto row = side.data.read(family::exceptions, unit_key(mine.id, 0, each.number), decode_exception);
      if (!row) return row.error();
      if (*row) needs.waited = std::move((*row)->value.tries);
    }
  }
  return {};
}

write_job::progress commit_job::apply(write_side& side, rocksdb::WriteBatch& batch) {
  auto* const mine = side.books.find(held_.destination);
  if (mine == nullptr) return answer(fail(errc::not_found, "no such destination"));
  if (auto sound = check(side, *mine); !sound) return answer(sound.error());
  if (auto read = read_needs(side, *mine); !read) return answer(read.error());
  put_exceptions(side, batch, *mine);
  put_ends(side, batch, *mine);
  put_state(side, batch);
  mine->count_attempts(step_);
  if (step_.control) {
    mine->control = *step_.control;
    side.books.touch_control(*mine);
  }
  mine->advance(step_.cursor);
  side.books.touch(*mine);
  return answer({});
}

void commit_job::put_exceptions(write_side& side, rocksdb::WriteBatch& batch, unit& mine) const {
  for (const auto& each : step_.exceptions) {
    if (mine.finished(each.number)) continue;
    const auto key = unit_key(mine.id, 0, each.number);
    const bool has_copy = mine.owns_copy(each.number);
    batch.Put(side.data[family::exceptions], key, encode_exception(key, each, has_copy));
    mine.wait(each.number, has_copy);
  }
}

void commit_job::put_ends(write_side& side, rocksdb::WriteBatch& batch, unit& mine) const {
  // In the order of their keys: the place of a row in a skip list is found from that of the one before.
  std::vector<const end*> ordered(step_.ends.size());
  std::transform(step_.ends.begin(), step_.ends.end(), ordered.begin(),
                 [](const end& each) { return &each; });
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const end* a, const end* b) { return a->number < b->number; });
  for (const auto* each : ordered) {
    const auto needs = needs_.find(each->number);
    end_event(side, batch, mine, *each, needs == needs_.end() ? end_needs() : needs->second);
  }
}

void commit_job::put_state(const write_side& side, rocksdb::WriteBatch& batch) const {
  for (const auto& change : step_.state) {
    const auto key = state_key(held_.destination, change.key);
    if (change.value)
      batch.Put(side.data[family::state], key, encode_state(key, {change.expires, *change.value}));
    else
      batch.Delete(side.data[family::state], key);
  }
}

write_job::progress register_job::apply(write_side& side, rocksdb::WriteBatch& batch) {
  if (const auto* const known = side.books.find(name_)) return answer(known->id);
  const auto id = side.books.add(name_).id;
  keep_name(side.data, batch, id, name_);
  return answer(id);
}

}  // namespace cartrelay::queue::rocks
