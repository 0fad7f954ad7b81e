#include "queue/rocksdb/erasure_job.hpp"

#include "event/stored.hpp"
#include "queue/match.hpp"
#include "queue/rocksdb/commit_job.hpp"
#include "queue/rocksdb/progress_records.hpp"
#include "queue/rocksdb/scan.hpp"

#include <algorithm>

namespace cartrelay::queue::rocks {
namespace {

constexpr std::size_t rows_per_group = 1024;

base::result<std::optional<record>> stored_record(const write_side& side, family from, std::string_view key,
                                                  sequence number) {
  return side.data.read(from, key, [number](std::string_view, std::string_view value) {
    return decode_event(log_key(0, number), value);
  });
}

}  // namespace

struct erase_job::target_row {
  destination_id at;
  bool dead;                 // a dead letter
  std::optional<end> ended;  // as `ends` has it
};

/// An event that goes, as the store has it. All of it is read before anything changes.
struct erase_job::target {
  record stored;
  event::event what;
  bool in_log;
  std::string identity_key;
  bool owns_identity;
  std::vector<target_row> rows;
};

std::uint64_t forget_memory(write_side& side, rocksdb::WriteBatch& batch,
                            const std::vector<memory_entry>& keys) {
  std::uint64_t gone = 0;
  for (const auto& each : keys) {
    const auto key = state_key(each.destination, each.key);
    const auto value = side.data.get(family::state, key);
    if (value && *value) ++gone;
    batch.Delete(side.data[family::state], key);
  }
  return gone;
}

write_job::progress begin_erasure_job::apply(write_side& side, rocksdb::WriteBatch& batch) {
  const auto unreadable = unreadable_copies(side);
  if (!unreadable) return answer(unreadable.error());
  const auto key = erasure_entry(number_);
  const auto begun = record_of(side.made_as.hashes, who_, side.books.where().next, now_);
  batch.Put(side.data[family::meta], key, encode_erasure(key, begun));
  for (const auto number : torn_) {
    const auto torn = torn_entry(0, number);
    batch.Put(side.data[family::meta], torn, encode_torn(torn, now_, {}));
    batch.Delete(side.data[family::log], log_key(0, number));
  }
  for (const auto& copy : *unreadable)
    batch.Delete(side.data[family::copies], copy);
  return answer(erasure_start{number_, forget_memory(side, batch, known_)});
}

/// One that can be read says whose it is, whatever its record in the log has quoted.
base::result<std::vector<std::string>> begin_erasure_job::unreadable_copies(const write_side& side) const {
  std::vector<std::string> found;
  for (const auto number : torn_) {
    for (const auto& [id, unit] : side.books.units()) {
      auto key = unit_key(id, 0, number);
      const auto copy = stored_record(side, family::copies, key, number);
      if (!copy) return copy.error();
      if (!*copy) found.push_back(std::move(key));
    }
  }
  return found;
}

write_job::progress erase_job::apply(write_side& side, rocksdb::WriteBatch& batch) {
  if (must_wait(side)) return progress::more;
  const auto last = std::min(shared_.size(), next_row_ + rows_per_group);
  for (; next_row_ < last; ++next_row_)
    if (auto cleared = clear_words(side, batch, shared_[next_row_]); !cleared) return answer(cleared.error());
  if (next_row_ < shared_.size()) return progress::more;
  // The events go last: while they are there, a repetition after a crash finds their batches again.
  for (const auto number : numbers_)
    if (auto erased = erase_event(side, batch, number); !erased) return answer(erased.error());
  counts_.vendor_state += forget_memory(side, batch, known_);
  return answer(counts_);
}

bool erase_job::must_wait(const write_side& side) {
  if (!std::exchange(waited_, true)) return true;
  return std::any_of(side.settled.begin(), side.settled.end(), [this](const dead_letter_key& key) {
    return std::find(numbers_.begin(), numbers_.end(), key.number) != numbers_.end();
  });
}

base::result<void> erase_job::erase_event(write_side& side, rocksdb::WriteBatch& batch, sequence number) {
  const auto found = find(side, number);
  if (!found) return found.error();
  if (!*found) return {};
  const auto& [stored, what, in_log, identity_key, owns_identity, rows] = **found;
  const auto terms = hashes_of(side.made_as.hashes.identity_low, index_terms(what));
  if (auto forgotten = side.terms.forget(number, terms); !forgotten) return forgotten.error();
  ++counts_.events;
  if (in_log) {
    const auto key = log_key(0, number);
    batch.Put(side.data[family::log], key, encode_erased_event(key, stored));
  }
  if (owns_identity) batch.Delete(side.data[family::dedup], identity_key);
  for (const auto& row : rows)
    erase_at(side, batch, **found, row);
  return {};
}

/// Nothing: it is gone, or not the customer's.
base::result<std::optional<erase_job::target>> erase_job::find(const write_side& side,
                                                               sequence number) const {
  auto found = stored_record(side, family::log, log_key(0, number), number);
  const bool in_log = found && *found && number >= side.books.where().first;
  for (auto next = side.books.units().begin(); found && !*found && next != side.books.units().end(); ++next)
    found = stored_record(side, family::copies, unit_key(next->first, 0, number), number);
  if (!found) return found.error();
  if (!*found || is_erased(**found)) return std::nullopt;
  auto what = event::decode((*found)->stored);
  if (!what || number >= which_.up_to || !concerns(which_, side.made_as.hashes, what->data))
    return std::nullopt;
  target out{std::move(**found), std::move(*what), in_log, {}, false, {}};
  out.identity_key = identity_key(side.made_as.hashes, out.what.source, out.what.id);
  const auto known = side.data.read(family::dedup, out.identity_key, decode_identity);
  if (!known) return known.error();
  // Past the deduplication window the same key may belong to a later event.
  out.owns_identity = *known && (*known)->number == number && !side.fresh.contains(out.identity_key);
  if (auto rows = find_rows(side, out); !rows) return rows.error();
  return out;
}

base::result<void> erase_job::find_rows(const write_side& side, target& of) {
  const auto& to = of.stored.routed;
  const auto number = of.stored.number;
  for (const auto& [id, unit] : side.books.units()) {
    if (std::find(to.begin(), to.end(), id) == to.end() && !unit.owns_copy(number)) continue;
    const auto key = unit_key(id, 0, number);
    const auto dead = side.data.get_sound(family::dead_letters, key);
    if (!dead) return dead.error();
    auto ended = side.data.read(family::ends, key, decode_end);
    if (!ended) return ended.error();
    of.rows.push_back({id, dead->has_value(), std::move(*ended)});
  }
  return {};
}

/// In the log: the row in `ends` leaves with its segment; below the log's first record nobody asks for it any
/// more.
void erase_job::erase_at(write_side& side, rocksdb::WriteBatch& batch, const target& what,
                         const target_row& row) {
  auto& at = *side.books.find(row.at);
  const auto number = what.stored.number;
  const auto key = unit_key(at.id, 0, number);
  side.settled.insert({at.id, number});
  auto how = erased_end(number, now_);
  if (!at.finished(number)) {
    end_event(side, batch, at, how);
    ++counts_.pending;
  } else if (row.dead) {
    at.give_up_dead_letter();
    side.books.touch(at);
    if (what.in_log) batch.Put(side.data[family::ends], key, encode_end(key, how, evidence::leave));
    ++counts_.dead_letters;
  } else if (what.in_log) {
    const auto& was = row.ended;
    if (!was || was->reason != erased_reason) ++counts_.receipts;  // not one that was withdrawn just now
    if (was) how = without_words(*was);
    batch.Put(side.data[family::ends], key, encode_end(key, how, evidence::leave));
  }
  if (!what.in_log) batch.Delete(side.data[family::ends], key);
  batch.Delete(side.data[family::dead_letters], key);
  batch.Delete(side.data[family::copies], key);
  batch.Delete(side.data[family::exceptions], key);
}

base::result<void> erase_job::clear_words(write_side& side, rocksdb::WriteBatch& batch,
                                          const shared_row& row) const {
  if (side.settled.contains({destination_of(row.key), sequence_of(row.key)})) return {};
  if (row.where == family::exceptions) {
    auto was = side.data.read(row.where, row.key, decode_exception);
    if (!was) return was.error();
    if (!*was) return {};
    (*was)->value.tries.answer.clear();
    batch.Put(side.data[row.where], row.key, encode_exception(row.key, (*was)->value, (*was)->has_copy));
    return {};
  }
  auto read = side.data.read(row.where, row.key, decode_end);
  if (!read) return read.error();
  if (!*read) return {};
  auto& was = **read;
  was.tries.answer.clear();
  was.detail.clear();
  was.evidence.clear();
  batch.Put(side.data[row.where], row.key, encode_end(row.key, was, evidence::keep));
  return {};
}

/// With it leave the ends that trims have left to it.
write_job::progress end_erasure_job::apply(write_side& side, rocksdb::WriteBatch& batch) {
  batch.Delete(side.data[family::meta], erasure_entry(number_));
  const auto first = side.books.where().first;
  if (!is_erasure_open(side.data, number_))
    for (const auto& [id, unit] : side.books.units())
      batch.DeleteRange(side.data[family::ends], unit_key(id, 0, 0), unit_key(id, 0, first));
  return answer({});
}

bool is_erasure_open(const store& data, std::optional<erasure_id> but) {
  scan open(data, family::meta, erasure_entry(0), erasure_entry(~erasure_id{0}));
  open.seek_first();
  while (open.valid() && but && erasure_of(open.key()) == *but)
    open.next();
  return open.valid() || !open.status().ok();
}

}  // namespace cartrelay::queue::rocks
