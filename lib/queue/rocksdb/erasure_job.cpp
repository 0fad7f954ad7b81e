#include "queue/rocksdb/erasure_job.hpp"

#include "event/stored.hpp"
#include "queue/match.hpp"
#include "queue/rocksdb/commit_job.hpp"
#include "queue/rocksdb/progress_records.hpp"

#include <algorithm>

namespace cartrelay::queue::rocks {
namespace {

constexpr std::size_t rows_per_group = 1024;

/// What stays of an end: that it was one, and when.
end without_words(const end& was) {
  end kept;
  kept.number = was.number;
  kept.state = was.state;
  kept.at = was.at;
  if (was.reason == erased_reason) kept.reason = was.reason;
  return kept;
}

void clear(attempts& tries) {
  tries.answer.clear();
}

std::optional<record> stored_record(const write_side& side, family from, std::string_view key,
                                    sequence number) {
  const auto value = side.data.get(from, key);
  if (!value || !*value) return std::nullopt;
  return decode_event(log_key(0, number), **value);
}

}  // namespace

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
  const auto key = erasure_entry(number_);
  const auto begun = record_of(side.made_as.hashes, who_, side.books.where().next, now_);
  batch.Put(side.data[family::meta], key, encode_erasure(key, begun));
  for (const auto number : torn_) {
    const auto torn = torn_entry(0, number);
    batch.Put(side.data[family::meta], torn, encode_torn(torn, now_, {}));
    batch.Delete(side.data[family::log], log_key(0, number));
    for (const auto& [id, unit] : side.books.units())
      batch.Delete(side.data[family::copies], unit_key(id, 0, number));
  }
  return answer(erasure_start{number_, forget_memory(side, batch, known_)});
}

write_job::progress erase_job::apply(write_side& side, rocksdb::WriteBatch& batch) {
  if (must_wait(side)) return progress::more;
  const auto last = std::min(shared_.size(), next_row_ + rows_per_group);
  for (; next_row_ < last; ++next_row_)
    clear_words(side, batch, shared_[next_row_]);
  if (next_row_ < shared_.size()) return progress::more;
  // The events go last: while they are there, a repetition after a crash finds their batches again.
  for (const auto number : numbers_)
    erase_event(side, batch, number);
  counts_.vendor_state += forget_memory(side, batch, known_);
  return answer(counts_);
}

bool erase_job::must_wait(const write_side& side) {
  if (!std::exchange(waited_, true)) return true;
  return std::any_of(side.settled.begin(), side.settled.end(), [this](const dead_letter_key& key) {
    return std::find(numbers_.begin(), numbers_.end(), key.number) != numbers_.end();
  });
}

void erase_job::erase_event(write_side& side, rocksdb::WriteBatch& batch, sequence number) {
  auto found = stored_record(side, family::log, log_key(0, number), number);
  const bool in_log = found.has_value() && number >= side.books.where().first;
  for (auto next = side.books.units().begin(); !found && next != side.books.units().end(); ++next)
    found = stored_record(side, family::copies, unit_key(next->first, 0, number), number);
  if (!found || found->stored.empty()) return;
  const auto what = event::decode(found->stored);
  if (!what || number >= which_.up_to || !concerns(which_, side.made_as.hashes, what->data)) return;

  ++counts_.events;
  if (in_log) {
    const auto key = log_key(0, number);
    batch.Put(side.data[family::log], key, encode_erased_event(key, *found));
  }
  erase_identity(side, batch, *what, number);
  const auto to = found->routed;
  for (const auto& [id, known] : side.books.units()) {
    const bool routed = std::find(to.begin(), to.end(), id) != to.end();
    if (routed || known.owns_copy(number)) erase_at(side, batch, *side.books.find(id), number, in_log);
  }
}

void erase_job::erase_identity(write_side& side, rocksdb::WriteBatch& batch, const event::event& what,
                               sequence number) const {
  const auto key = identity_key(side.made_as.hashes, what.source, what.id);
  const auto stored = side.data.get(family::dedup, key);
  const auto known = stored && *stored ? decode_identity(key, **stored) : std::nullopt;
  // Past the deduplication window the same key may belong to a later event.
  if (known && known->number == number && !side.fresh.contains(key))
    batch.Delete(side.data[family::dedup], key);
  side.terms.forget(number, hashes_of(side.made_as.hashes.identity_low, index_terms(what)));
}

/// `in_log`: the row in `ends` leaves with its segment; below the log's first record nothing would remove it.
void erase_job::erase_at(write_side& side, rocksdb::WriteBatch& batch, unit& at, sequence number,
                         bool in_log) {
  const auto key = unit_key(at.id, 0, number);
  const auto dead = side.data.get(family::dead_letters, key);
  end how;
  how.number = number;
  how.state = end_state::discarded;
  how.reason = erased_reason;
  how.at = now_;
  if (!at.finished(number)) {
    end_event(side, batch, at, how);
    ++counts_.pending;
  } else if (dead && *dead) {
    at.give_up_dead_letter();
    side.books.touch(at);
    if (in_log) batch.Put(side.data[family::ends], key, encode_end(key, how, evidence::leave));
    ++counts_.dead_letters;
  } else if (in_log) {
    const auto stored = side.data.get(family::ends, key);
    const auto was = stored && *stored ? decode_end(key, **stored) : std::nullopt;
    if (!was || was->reason != erased_reason) ++counts_.receipts;  // not one that was withdrawn just now
    if (was) how = without_words(*was);
    batch.Put(side.data[family::ends], key, encode_end(key, how, evidence::leave));
  }
  if (!in_log) batch.Delete(side.data[family::ends], key);
  batch.Delete(side.data[family::dead_letters], key);
  batch.Delete(side.data[family::copies], key);
  batch.Delete(side.data[family::exceptions], key);
}

void erase_job::clear_words(write_side& side, rocksdb::WriteBatch& batch, const shared_row& row) const {
  const auto stored = side.data.get(row.where, row.key);
  if (!stored || !*stored) return;
  if (side.settled.contains({destination_of(row.key), sequence_of(row.key)})) return;
  if (row.where == family::exceptions) {
    auto was = decode_exception(row.key, **stored);
    if (!was) return;
    clear(was->value.tries);
    batch.Put(side.data[row.where], row.key, encode_exception(row.key, was->value, was->has_copy));
    return;
  }
  auto was = decode_end(row.key, **stored);
  if (!was) return;
  clear(was->tries);
  was->detail.clear();
  was->evidence.clear();
  batch.Put(side.data[row.where], row.key, encode_end(row.key, *was, evidence::keep));
}

}  // namespace cartrelay::queue::rocks
