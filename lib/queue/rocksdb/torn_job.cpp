#include "queue/rocksdb/torn_job.hpp"

#include "base/log.hpp"
#include "queue/rocksdb/commit_job.hpp"

namespace cartrelay::queue::rocks {

write_job::progress torn_job::apply(write_side& side, rocksdb::WriteBatch& batch) {
  for (const auto& each : found_) {
    const auto known = side.data.get(family::meta, torn_entry(0, each.number));
    const bool gone = each.number < side.books.where().first;
    if (!gone && known && !*known && side.torn.insert(each.number).second) set_aside(side, batch, each);
  }
  return progress::done;
}

void torn_job::set_aside(write_side& side, rocksdb::WriteBatch& batch, const torn_record& which) const {
  base::log::error("queue: event {} does not match its checksum and is set aside", which.number);
  const auto key = torn_entry(0, which.number);
  batch.Put(side.data[family::meta], key, encode_torn(key, now_, which.bytes));
  ++side.books.where().corrupt;
  const auto* const to = side.routing.of(which.number);
  if (to == nullptr) return;
  for (const auto id : std::vector(*to)) {
    auto* const unit = side.books.find(id);
    if (unit == nullptr || unit->owns_copy(which.number)) continue;
    end lost;
    lost.number = which.number;
    lost.state = end_state::discarded;
    lost.reason = "corrupt";
    lost.detail = "the stored record does not match its checksum";
    lost.at = now_;
    end_event(side, batch, *unit, lost);
  }
}

}  // namespace cartrelay::queue::rocks
