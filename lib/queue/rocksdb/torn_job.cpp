#include "queue/rocksdb/torn_job.hpp"

#include "base/log.hpp"
#include "queue/rocksdb/commit_job.hpp"
#include "queue/rocksdb/progress_records.hpp"

namespace cartrelay::queue::rocks {

write_job::progress torn_job::apply(write_side& side, rocksdb::WriteBatch& batch) {
  base::result<void> outcome;
  for (const auto& each : found_)
    if (auto done = look_at(side, batch, each); !done) outcome = done;
  return answer(std::move(outcome));
}

base::result<void> torn_job::look_at(write_side& side, rocksdb::WriteBatch& batch,
                                     const torn_record& which) const {
  if (which.number < side.books.where().first || side.torn.contains(which.number)) return {};
  const auto known = side.data.get_sound(family::meta, torn_entry(0, which.number));
  if (!known) return known.error();
  if (*known) return {};
  const auto to = side.routing.of(which.number);
  if (!to) return to.error();
  side.torn.insert(which.number);
  set_aside(side, batch, which, *to == nullptr ? std::vector<destination_id>() : **to);
  return {};
}

void torn_job::set_aside(write_side& side, rocksdb::WriteBatch& batch, const torn_record& which,
                         const std::vector<destination_id>& to) const {
  base::log::error("queue: event {} does not match its checksum and is set aside", which.number);
  const auto key = torn_entry(0, which.number);
  batch.Put(side.data[family::meta], key, encode_torn(key, now_, which.bytes));
  ++side.books.where().corrupt;
  for (const auto id : to) {
    auto* const unit = side.books.find(id);
    if (unit == nullptr || unit->owns_copy(which.number)) continue;
    auto lost = corrupt_end(which.number, "the stored record does not match its checksum");
    lost.at = now_;
    end_event(side, batch, *unit, lost);
  }
}

}  // namespace cartrelay::queue::rocks
