#pragma once

#include "queue/rocksdb/horizons.hpp"
#include "queue/rocksdb/segment.hpp"
#include "queue/rocksdb/siphash.hpp"
#include "queue/types.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The rows of `index`: which events name an order, a cart, a customer or a subject. A row for each of an
/// event's terms would cost as much as all else that is written for it. So a commit group notes its terms
/// together, in a note; and when a segment is complete, all its terms are sorted into 256 pages by a byte of
/// their hash, and its notes count no more.
namespace cartrelay::queue::rocks {

/// A term as the index knows it.
struct term_hash {
  index_kind kind;
  std::uint64_t hash;

  [[nodiscard]] std::uint8_t page() const noexcept { return static_cast<std::uint8_t>(hash); }
  friend bool operator==(const term_hash&, const term_hash&) = default;
};
/// Values are compared without regard to case.
[[nodiscard]] term_hash hash_of(const siphash_key& key, const index_term& term);
[[nodiscard]] std::vector<term_hash> hashes_of(const siphash_key& key, const std::vector<index_term>& terms);

/// That an event has a term.
struct index_entry {
  term_hash term;
  sequence number;
};

/// Of the notes whose first event is `first`.
[[nodiscard]] std::string note_key(partition part, sequence first);
/// Behind all notes.
[[nodiscard]] std::string behind_notes(partition part);
/// Of a segment's entries whose hashes have this byte. The newest segment's comes first.
[[nodiscard]] std::string page_key(partition part, std::uint8_t page, sequence segment);
/// Behind the last one of that byte.
[[nodiscard]] std::string last_page_key(partition part, std::uint8_t page);
/// Of a page's key: the segment's first sequence.
[[nodiscard]] sequence segment_of_page(std::string_view key);

/// A segment's entries as its pages hold them, by the pages' keys.
[[nodiscard]] std::map<std::string, std::vector<index_entry>> pages_of(sequence segment,
                                                                       std::span<const index_entry> entries);

/// All entries lie in one segment. In the order that they are given.
[[nodiscard]] std::string encode_entries(std::string_view key, std::span<const index_entry> entries);
/// Nothing if the row, a note or a page, is not what was written.
[[nodiscard]] std::optional<std::vector<index_entry>> decode_entries(std::string_view key,
                                                                     std::string_view value);

/// Whether a row is of no use any more: its segment was trimmed, or its notes are in pages.
[[nodiscard]] bool is_stale_index_row(const horizons& limits, std::string_view key, std::string_view value);

}  // namespace cartrelay::queue::rocks
