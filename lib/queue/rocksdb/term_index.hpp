#pragma once

#include "queue/rocksdb/index_rows.hpp"
#include "queue/rocksdb/store.hpp"

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace cartrelay::queue::rocks {

/// What the writer adds to `index` and takes from it. The entries of the newest segment are in memory too,
/// about half a megabyte at most. The writer's thread only.
class term_index {
 public:
  /// `next`: behind the newest event of the store, which outlives this. `key`: of the terms' hashes.
  term_index(store& data, const siphash_key& key, sequence next);

  /// An event that is being appended. Its number is above all that were noted.
  void note(sequence number, const std::vector<term_hash>& terms);
  /// An event that is being erased. Fails, and forgets nothing of it, if the disk does not give a page.
  base::result<void> forget(sequence number, const std::vector<term_hash>& terms);
  /// What was noted and forgotten since the last call, whose batch is durable.
  void write_to(rocksdb::WriteBatch& batch);
  /// The store was opened anew: what was noted last may not be in it.
  void reload(sequence next);

 private:
  void close_segment();
  void forget_noted(sequence number);
  void renew_notes(sequence next);
  [[nodiscard]] base::result<std::vector<index_entry>*> page_to_change(std::uint8_t page, sequence segment);
  [[nodiscard]] std::span<const index_entry> entries_of_note(sequence first) const;

  store& data_;
  siphash_key key_;
  sequence segment_ = 0;              // the newest one, which has notes and no pages
  std::vector<index_entry> entries_;  // of its events, by number
  std::vector<sequence> notes_;       // what those that are written begin with, in their keys
  std::size_t written_ = 0;           // so many entries stand in notes
  std::set<sequence> changed_notes_;
  bool old_notes_go_ = false;
  std::map<std::string, std::vector<index_entry>> changed_pages_;
  sequence paged_ = 0, paged_by_last_batch_ = 0;  // what lies before is in pages
};

}  // namespace cartrelay::queue::rocks
