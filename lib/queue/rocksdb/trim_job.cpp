#include "queue/rocksdb/trim_job.hpp"

#include "base/log.hpp"
#include "queue/rocksdb/erasure_job.hpp"
#include "queue/rocksdb/scan.hpp"

#include <rocksdb/convenience.h>

#include <algorithm>
#include <optional>

namespace cartrelay::queue::rocks {
namespace {

constexpr int segments_per_group = 64;

/// When the last readable record up to `number` was received; nothing if there is none. Over damaged blocks
/// it goes back in growing steps. Fails if the disk does not tell.
base::result<std::optional<base::timestamp>> received_up_to(const store& data, sequence first,
                                                            sequence number) {
  // By itself first: what a walk meets may be another record's block.
  const auto stored = data.get_sound(family::log, log_key(0, number));
  if (!stored) return stored.error();
  if (*stored)
    if (const auto read = decode_event(log_key(0, number), **stored)) return read->received_at;
  scan at(data, family::log, log_key(0, first), log_key(0, number + 1));
  for (sequence back = 1; number >= first; back *= 2) {
    for (at.seek_back(log_key(0, number)); at.valid(); at.previous())
      if (const auto read = decode_event(at.key(), at.value())) return read->received_at;
    if (may_pass(at.status())) return translate(at.status());
    if (at.status().ok() || number < first + back) break;
    number -= back;
    at.renew();
  }
  return std::nullopt;
}

}  // namespace

write_job::progress trim_job::apply(write_side& side, rocksdb::WriteBatch& batch) {
  const auto& where = side.books.where();
  if (!started_) {
    started_ = true;
    side.books.touch_totals();
    side.space.update(std::nullopt, side.data.bytes());  // what the last one freed counts
    // What left last may not have made room yet.
    early_ = side.space.near_full() && !side.data.freeing_room();
    budget_ = early_ ? where.events / 8 + 1 : 0;  // frees room without giving up more history than needed
  }
  // The store does not show yet what came in this group, and it is not old.
  const auto needed = std::min(side.books.needed_from(), side.first_new);
  auto to = where.first;
  int segments = 0;
  for (; segments < segments_per_group; ++segments) {
    const auto next = droppable_up_to(side, to, needed);
    if (next == to) break;
    to = next;
  }
  if (to > where.first)
    if (auto done = drop(side, batch, where.first, to); !done) {
      base::log::warning("queue: nothing leaves the log this time: {}", done.error().message());
      return answer(done.error());
    }
  return segments == segments_per_group ? progress::more : answer(dropped_);
}

/// The end of the segment that begins with `first`, or of the part of it that may go; `first` if nothing may.
sequence trim_job::droppable_up_to(const write_side& side, sequence first, sequence needed) const {
  const auto whole = segment_end(first);
  const auto end = std::min(whole, needed);
  if (end <= first) return first;
  const auto due =
      end == whole && known_to_be_old(side, end - 1, retention_) ? end : overdue_part(side, first, end);
  if (!early_) return due;
  const auto going = dropped_ + (first - side.books.where().first);
  return std::max(due, std::min(end, first + (budget_ > going ? budget_ - going : 0)));
}

/// A slow shop fills a segment in months: what is overdue by a seventh of the retention leaves alone, so that
/// range deletions stay few.
sequence trim_job::overdue_part(const write_side& side, sequence first, sequence end) const {
  if (!known_to_be_old(side, first, retention_ + retention_ / 7)) return first;
  auto kept = end, old = first;  // `old` may go, `kept` may not
  while (kept - old > 1) {
    const auto middle = old + (kept - old) / 2;
    (known_to_be_old(side, middle, retention_) ? old : kept) = middle;
  }
  return old + 1;
}

bool trim_job::known_to_be_old(const write_side& side, sequence number, std::chrono::milliseconds age) const {
  const auto received = received_up_to(side.data, side.books.where().first, number);
  return received && (!*received || now_ - **received > age);
}

/// Fails, and drops nothing, if the disk does not tell what stands there.
base::result<void> trim_job::drop(write_side& side, rocksdb::WriteBatch& batch, sequence from, sequence to) {
  std::uint64_t count = 0;
  std::vector<route_run> rest;
  const auto told =
      for_each_run(side.data, from, to, [&](sequence, const route_run& run) { count += run.count; });
  const auto cut = rest_of_entry(side.data, to, rest);
  for (const auto& status : {told, cut})
    if (may_pass(status)) return translate(status);
  if (!told.ok()) count = to - from;
  batch.DeleteRange(side.data[family::log], log_key(0, from), log_key(0, to));
  batch.DeleteRange(side.data[family::routes], log_key(0, from), log_key(0, to));
  // What was accepted in one group stands in one entry, of which the end may be needed still.
  if (!rest.empty())
    batch.Put(side.data[family::routes], log_key(0, to), encode_routes(log_key(0, to), rest));
  if (!is_erasure_open(side.data))  // which takes them when it ends
    for (const auto& [id, unit] : side.books.units())
      batch.DeleteRange(side.data[family::ends], unit_key(id, 0, from), unit_key(id, 0, to));
  auto& where = side.books.where();
  side.books.begin_log_at(to);
  where.events = std::min(where.events - std::min(count, where.events), where.next - to);
  dropped_ += count;
  return {};
}

void release_trimmed_files(store& data, sequence first, const std::vector<destination_id>& destinations) {
  const auto release = [&](family from, const std::string& low, const std::string& high) {
    const rocksdb::Slice begin(low), end(high);
    const rocksdb::RangePtr range(&begin, &end);
    const auto status = rocksdb::DeleteFilesInRanges(&data.db(), data[from], &range, 1, false);
    if (!status.ok()) base::log::debug("queue: releasing files: {}", status.ToString());
  };
  release(family::log, log_key(0, 0), log_key(0, first));
  release(family::routes, log_key(0, 0), log_key(0, first));
  if (is_erasure_open(data)) return;
  for (const auto id : destinations)
    release(family::ends, unit_key(id, 0, 0), unit_key(id, 0, first));
}

}  // namespace cartrelay::queue::rocks
