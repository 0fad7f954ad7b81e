#include "queue/rocksdb/progress_reads.hpp"

#include "base/log.hpp"
#include "queue/errc.hpp"
#include "queue/rocksdb/log_reads.hpp"
#include "queue/rocksdb/progress_records.hpp"
#include "queue/rocksdb/scan.hpp"

#include <rocksdb/snapshot.h>

namespace cartrelay::queue::rocks {
namespace {

/// The row says nothing any more, but the event is known to wait: it starts over, with its age as it is.
base::result<exception> started_over(const read_side& side, sequence number) {
  base::log::warning("queue: the record of waiting event {} cannot be read, it starts over", number);
  exception out;
  out.number = number;
  const auto event = look_up(side, number);
  if (!event) return event.error();
  if (*event) out.age_from = (*event)->received_at;
  return out;
}

}  // namespace

write_job::progress acquire_job::apply(write_side& side, rocksdb::WriteBatch& /*batch*/) {
  auto* const mine = side.books.find(found_.held.destination);
  known_ = mine != nullptr && found_.held.part == 0;
  if (!known_) return progress::done;
  ++mine->epoch;
  side.books.touch(*mine);
  found_.held.epoch = mine->epoch;
  found_.cursor = mine->cursor;
  found_.control = mine->control;
  if (found_.control == unreadable_control)
    base::log::warning("queue: the control text of '{}' cannot be read: it may have been paused", mine->name);
  found_.attempts = mine->counts.attempts;
  found_.failed_attempts = mine->counts.failed_attempts;
  return progress::done;
}

void acquire_job::settle(const base::error* failure) {
  if (failure != nullptr) {
    then_(*failure);
  } else if (!known_) {
    then_(fail(errc::not_found, "no such destination"));
  } else {
    reader_.post([&side = side_, found = std::move(found_), most_rows = most_rows_,
                  then = std::move(then_)]() mutable { then(load_unit(side, std::move(found), most_rows)); });
  }
}

base::result<unit_state> load_unit(const read_side& side, unit_state found, std::size_t most_rows) {
  if (!side.data.is_open()) return fail(errc::read_only);
  const auto id = found.held.destination;
  const auto behind = unit_key(id, 0, ~sequence{0});
  rocksdb::ManagedSnapshot moment(&side.data.db());  // an event must not be seen in both families

  scan waiting(side.data, family::exceptions, unit_key(id, 0, 0), behind, moment.snapshot());
  for (waiting.seek_first(); waiting.valid(); waiting.next()) {
    const auto key = waiting.key();
    if (found.exceptions.size() >= most_rows) {
      found.more_exceptions.push_back(sequence_of(key));
      continue;
    }
    auto read = decode_exception(key, waiting.value());
    auto row = read ? std::move(read->value) : started_over(side, sequence_of(key));
    if (!row) return row.error();
    found.exceptions.push_back(std::move(*row));
  }
  if (!waiting.status().ok()) return translate(waiting.status());

  scan ended(side.data, family::ends, unit_key(id, 0, found.cursor + 1), behind, moment.snapshot());
  for (ended.seek_first(); ended.valid(); ended.next())
    found.ended_after.push_back(sequence_of(ended.key()));
  if (!ended.status().ok()) return translate(ended.status());
  return found;
}

base::result<std::vector<std::optional<std::string>>> read_state(const read_side& side,
                                                                 destination_id destination,
                                                                 const std::vector<std::string>& keys,
                                                                 base::timestamp now) {
  std::vector<std::optional<std::string>> out;
  for (const auto& name : keys) {
    const auto key = state_key(destination, name);
    const auto stored = side.data.get(family::state, key);
    if (!stored && stored.error().code != errc::corrupt && !side.gives_up) return stored.error();
    // Memory that is damaged is memory lost: its kind begins anew, and no event waits for it for ever.
    if (!stored) base::log::warning("queue: the memory of a destination: {}", stored.error().message());
    auto read = stored && *stored ? decode_state(key, **stored) : std::nullopt;
    if (read && read->expires > now)
      out.emplace_back(std::move(read->value));
    else
      out.emplace_back();
  }
  return out;
}

}  // namespace cartrelay::queue::rocks
