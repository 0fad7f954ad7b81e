#include "queue/rocksdb/append_job.hpp"

#include "base/log.hpp"
#include "queue/rocksdb/bytes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

namespace cartrelay::queue::rocks {
namespace {

std::size_t size_of(const new_event& event) {
  return event.stored.size() + event.source.size() + event.id.size() + 64;
}

bool repeats(const std::vector<destination_id>& ids) {
  for (auto id = ids.begin(); id != ids.end(); ++id)
    if (std::find(std::next(id), ids.end(), *id) != ids.end()) return true;
  return false;
}

}  // namespace

append_job::append_job(const hash_keys& keys, std::vector<new_event> given,
                       receiver<std::vector<append_outcome>> then)
    : answering_job(std::move(then)), events_(std::move(given)) {
  candidates_.reserve(events_.size());
  for (auto& event : events_) {
    bytes_ += size_of(event);
    candidates_.push_back({identity_key(keys, event.source, event.id), encode_event(event),
                           hashes_of(keys.identity_low, std::exchange(event.terms, {})), std::nullopt});
  }
}

void append_job::look_up(const write_side& side, std::span<const std::unique_ptr<append_job>> jobs) {
  std::vector<rocksdb::Slice> keys;
  for (const auto& job : jobs)
    for (const auto& each : job->candidates_)
      keys.emplace_back(each.key);
  if (keys.empty()) return;
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> found(keys.size());
  side.data.db().MultiGet(rocksdb::ReadOptions(), side.data[family::dedup], keys.size(), keys.data(),
                          values.data(), found.data());
  std::size_t i = 0;
  for (const auto& job : jobs) {
    for (auto& each : job->candidates_) {
      const auto& status = found[i];
      const auto& value = values[i++];
      if (status.IsNotFound()) continue;
      if (status.ok()) each.stored = decode_identity(each.key, value.ToStringView());
      if (each.stored) continue;
      base::log::warning("queue: an idempotency key cannot be read: {}",
                         status.ok() ? "it does not match its checksum" : status.ToString());
      // For what is damaged, refusing the event would refuse it for ever: forgetting its key risks a repeat
      // only.
      if (may_pass(status)) job->unread_ = fail(errc::unknown, status.ToString());
    }
  }
}

write_job::progress append_job::apply(write_side& side, rocksdb::WriteBatch& batch) {
  if (auto refused = refusal(side)) return answer(std::move(*refused));
  if (unread_) return answer(std::move(*unread_));
  std::vector<append_outcome> outcomes;
  if (!decide(side, outcomes)) return answer(std::move(outcomes));
  auto& totals = side.books.where().ingest;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    const bool fresh = outcomes[i].status == append_status::appended;
    if (fresh) put(side, batch, i, outcomes[i].number);
    ++(fresh ? totals.accepted : totals.duplicates);
  }
  return answer(std::move(outcomes));
}

std::optional<base::error> append_job::refusal(write_side& side) const {
  for (const auto& event : events_) {
    if (event.stored.size() > largest_event)
      return fail(errc::too_large, fmt::format("an event of {} bytes", event.stored.size()));
    for (const auto id : event.routed)
      if (side.books.find(id) == nullptr)
        return fail(errc::not_found, fmt::format("an event is routed to the unknown destination {}", id));
    if (repeats(event.routed)) return fail(errc::not_found, "an event is routed twice to one destination");
  }
  return std::nullopt;
}

/// False: a conflict, nothing is stored.
bool append_job::decide(const write_side& side, std::vector<append_outcome>& outcomes) const {
  std::unordered_map<std::string, identity> mine;  // of no use to an event that came alone
  auto next = side.books.where().next;
  bool conflict = false;
  const auto known = [&](std::size_t i) -> std::optional<identity> {
    const auto& key = candidates_[i].key;
    const auto& stored = candidates_[i].stored;
    if (const auto here = mine.find(key); here != mine.end()) return here->second;
    if (const auto here = side.fresh.find(key); here != side.fresh.end()) return here->second;
    const bool recent = stored && events_[i].received_at - stored->accepted_at < side.dedup_window;
    return recent ? stored : std::nullopt;
  };
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (const auto earlier = known(i)) {
      const bool equal = same(*earlier, events_[i]);
      outcomes.push_back({equal ? append_status::duplicate : append_status::conflict, 0, earlier->number});
      conflict = conflict || !equal;
    } else {
      if (events_.size() > 1) mine.emplace(candidates_[i].key, identity_of(events_[i], next));
      outcomes.push_back({append_status::appended, 0, next++});
    }
  }
  if (!conflict) return true;
  for (auto& outcome : outcomes)
    if (outcome.number >= side.books.where().next) outcome.number = 0;  // would have been, and is not
  return false;
}

void append_job::put(write_side& side, rocksdb::WriteBatch& batch, std::size_t which, sequence number) const {
  const auto& event = events_[which];
  const auto& [key, value, terms, stored] = candidates_[which];
  const auto place = log_key(0, number);
  const auto known = identity_of(event, number);
  const auto seal = seal_of(place, value.sum);
  const std::array<rocksdb::Slice, 3> pieces{value.head, value.stored, seal};
  const rocksdb::Slice whole_place(place);
  batch.Put(side.data[family::log], {&whole_place, 1}, {pieces.data(), static_cast<int>(pieces.size())});
  batch.Put(side.data[family::dedup], key, encode_identity(key, known));
  side.terms.note(number, terms);
  side.fresh.insert_or_assign(key, known);
  side.routing.note(number, event.routed);
  for (const auto id : event.routed) {
    auto& unit = *side.books.find(id);
    ++unit.counts.routed;
    side.books.touch(unit);
  }
  auto& where = side.books.where();
  where.next = number + 1;
  ++where.events;
}

}  // namespace cartrelay::queue::rocks
