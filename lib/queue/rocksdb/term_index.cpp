#include "queue/rocksdb/term_index.hpp"

#include "base/log.hpp"
#include "queue/rocksdb/index_renewal.hpp"
#include "queue/rocksdb/keys.hpp"
#include "queue/rocksdb/patient_scan.hpp"

#include <algorithm>
#include <utility>

namespace cartrelay::queue::rocks {
namespace {

bool before(const index_entry& entry, sequence number) {
  return entry.number < number;
}

}  // namespace

term_index::term_index(store& data, const siphash_key& key, sequence next) : data_(data), key_(key) {
  reload(next);
}

void term_index::reload(sequence next) {
  segment_ = segment_start(std::max<sequence>(next, 1) - 1);
  entries_.clear();
  notes_.clear();
  changed_notes_.clear();
  changed_pages_.clear();
  old_notes_go_ = false;
  patient_scan at(data_, family::index, note_key(0, segment_), behind_notes(0), deleted_rows::left_out);
  bool whole = true;
  for (; at.valid(); at.next()) {
    const auto noted = decode_entries(at.key(), at.value());
    whole = noted && whole;
    if (!noted) continue;
    notes_.push_back(sequence_of(at.key()));  // its first event may have been erased
    entries_.insert(entries_.end(), noted->begin(), noted->end());
  }
  if (!whole || !at.whole()) renew_notes(next);
  written_ = entries_.size();
  paged_ = paged_by_last_batch_ = segment_;
  data_.limits().paged = segment_;
}

/// From the log; one note takes the place of all, with the next batch.
void term_index::renew_notes(sequence next) {
  base::log::warning("queue: notes of the search index cannot be read and are made anew from the log");
  entries_ = logged_entries(data_, key_, segment_, next);
  notes_.clear();
  if (!entries_.empty()) notes_.push_back(entries_.front().number);
  changed_notes_.insert(notes_.begin(), notes_.end());
  old_notes_go_ = true;
}

void term_index::note(sequence number, const std::vector<term_hash>& terms) {
  if (number >= segment_end(segment_)) {
    close_segment();
    segment_ = segment_start(number);
  }
  for (const auto& term : terms)
    entries_.push_back({term, number});
}

/// Entries that stand in no note yet need none: the pages are written with the same batch.
void term_index::close_segment() {
  for (auto& [key, page] : pages_of(segment_, entries_))
    changed_pages_.insert_or_assign(key, std::move(page));
  entries_.clear();
  notes_.clear();
  changed_notes_.clear();
  old_notes_go_ = false;
  written_ = 0;
  paged_ = segment_end(segment_);
}

base::result<void> term_index::forget(sequence number, const std::vector<term_hash>& terms) {
  if (number >= segment_) {
    forget_noted(number);
    return {};
  }
  std::vector<std::vector<index_entry>*> pages;
  for (const auto& term : terms) {
    const auto page = page_to_change(term.page(), segment_start(number));
    if (!page) return page.error();
    if (*page != nullptr) pages.push_back(*page);
  }
  for (auto* const page : pages)
    std::erase_if(*page, [number](const index_entry& each) { return each.number == number; });
  return {};
}

void term_index::forget_noted(sequence number) {
  const auto note = std::upper_bound(notes_.begin(), notes_.end(), number);
  const auto from = std::lower_bound(entries_.begin(), entries_.end(), number, before);
  const auto to = std::lower_bound(from, entries_.end(), number + 1, before);
  if (note == notes_.begin() || from == to) return;
  changed_notes_.insert(*std::prev(note));
  written_ -= static_cast<std::size_t>(to - from);
  entries_.erase(from, to);
}

/// Null: there is none, or it stands in a block that cannot be read. One that is damaged itself is made anew
/// from the log.
base::result<std::vector<index_entry>*> term_index::page_to_change(std::uint8_t page, sequence segment) {
  const auto key = page_key(0, page, segment);
  if (const auto known = changed_pages_.find(key); known != changed_pages_.end()) return &known->second;
  const auto stored = data_.get_sound(family::index, key);
  if (!stored) return stored.error();
  if (!*stored) return nullptr;
  auto entries = decode_entries(key, **stored);
  if (!entries) {
    base::log::warning("queue: a row of the search index is damaged and is made anew from the log");
    entries = pages_of(segment, logged_entries(data_, key_, segment, segment_end(segment)))[key];
  }
  return &changed_pages_.emplace(key, std::move(*entries)).first->second;
}

void term_index::write_to(rocksdb::WriteBatch& batch) {
  data_.limits().paged = std::exchange(paged_by_last_batch_, paged_);
  for (const auto& [key, entries] : std::exchange(changed_pages_, {}))
    batch.Put(data_[family::index], key, encode_entries(key, entries));
  if (std::exchange(old_notes_go_, false))
    batch.DeleteRange(data_[family::index], note_key(0, segment_), behind_notes(0));
  for (const auto first : std::exchange(changed_notes_, {})) {
    const auto key = note_key(0, first);
    batch.Put(data_[family::index], key, encode_entries(key, entries_of_note(first)));
  }
  if (written_ == entries_.size()) return;
  const auto fresh = std::span(entries_).subspan(written_);
  const auto first = fresh.front().number;
  const auto key = note_key(0, first);
  batch.Put(data_[family::index], key, encode_entries(key, fresh));
  notes_.push_back(first);
  written_ = entries_.size();
}

std::span<const index_entry> term_index::entries_of_note(sequence first) const {
  const auto next = std::upper_bound(notes_.begin(), notes_.end(), first);
  const auto from = std::lower_bound(entries_.begin(), entries_.end(), first, before);
  const auto to = next == notes_.end() ? std::next(entries_.begin(), static_cast<std::ptrdiff_t>(written_))
                                       : std::lower_bound(from, entries_.end(), *next, before);
  return {from, to};
}

}  // namespace cartrelay::queue::rocks
