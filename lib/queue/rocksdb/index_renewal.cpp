#include "queue/rocksdb/index_renewal.hpp"

#include "event/stored.hpp"
#include "queue/match.hpp"
#include "queue/rocksdb/keys.hpp"
#include "queue/rocksdb/patient_scan.hpp"
#include "queue/rocksdb/records.hpp"

#include <algorithm>

namespace cartrelay::queue::rocks {
namespace {

void put_pages(const store& data, rocksdb::WriteBatch& batch, sequence segment,
               const std::vector<index_entry>& entries) {
  for (const auto& [key, page] : pages_of(segment, entries))
    batch.Put(data[family::index], key, encode_entries(key, page));
}

void put_note(const store& data, rocksdb::WriteBatch& batch, sequence segment,
              const std::vector<index_entry>& entries) {
  batch.DeleteRange(data[family::index], note_key(0, segment), behind_notes(0));
  if (entries.empty()) return;
  const auto key = note_key(0, entries.front().number);
  batch.Put(data[family::index], key, encode_entries(key, entries));
}

}  // namespace

std::vector<index_entry> logged_entries(const store& data, const siphash_key& key, sequence from,
                                        sequence to) {
  std::vector<index_entry> found;
  patient_scan at(data, family::log, log_key(0, from), log_key(0, to), deleted_rows::left_out);
  for (; at.valid(); at.next()) {
    const auto record = decode_event(at.key(), at.value());
    if (!record) continue;
    const auto event = event::decode(record->stored);
    if (!event) continue;
    for (const auto& term : hashes_of(key, index_terms(*event)))
      found.push_back({term, record->number});
  }
  return found;
}

base::result<void> renew_index(store& data, const siphash_key& key, sequence first, sequence next) {
  for (auto segment = segment_start(first); segment < next; segment += segment_size) {
    const auto end = segment_end(segment);
    const auto entries = logged_entries(data, key, segment, std::min(end, next));
    rocksdb::WriteBatch batch;
    if (end < next)
      put_pages(data, batch, segment, entries);
    else
      put_note(data, batch, segment, entries);
    if (batch.Count() == 0) continue;
    if (const auto status = data.write(batch); !status.ok()) return translate(status);
  }
  return {};
}

}  // namespace cartrelay::queue::rocks
