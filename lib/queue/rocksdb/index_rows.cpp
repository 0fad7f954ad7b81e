#include "queue/rocksdb/index_rows.hpp"

#include "queue/match.hpp"
#include "queue/rocksdb/bytes.hpp"
#include "queue/rocksdb/keys.hpp"

#include <algorithm>
#include <limits>

namespace cartrelay::queue::rocks {
namespace {

enum class row : std::uint8_t { note = 0, page = 1 };

constexpr std::size_t entry_size = 10;
constexpr unsigned offset_bits = 12;
static_assert(segment_size == 1u << offset_bits);

std::string key_of_page(partition part, std::uint8_t page, sequence inverted) {
  std::string key;
  byte_writer(key).u8(static_cast<std::uint8_t>(row::page)).u32(part).u8(page).u64(inverted);
  return key;
}

bool is_page(std::string_view key) {
  return !key.empty() && static_cast<row>(key.front()) == row::page;
}

/// The segment that a row belongs to.
sequence segment_of_row(std::string_view key) {
  return is_page(key) ? segment_of_page(key) : segment_start(sequence_of(key));
}

}  // namespace

term_hash hash_of(const siphash_key& key, const index_term& term) {
  return {term.kind, siphash(key, indexed_form(term.value))};
}

std::vector<term_hash> hashes_of(const siphash_key& key, const std::vector<index_term>& terms) {
  std::vector<term_hash> out;
  out.reserve(terms.size());
  for (const auto& term : terms)
    out.push_back(hash_of(key, term));
  return out;
}

std::string note_key(partition part, sequence first) {
  std::string key;
  byte_writer(key).u8(static_cast<std::uint8_t>(row::note)).u32(part).u64(first);
  return key;
}

std::string behind_notes(partition part) {
  return note_key(part, std::numeric_limits<sequence>::max());
}

std::string page_key(partition part, std::uint8_t page, sequence segment) {
  return key_of_page(part, page, ~segment);
}

std::string last_page_key(partition part, std::uint8_t page) {
  return key_of_page(part, page, ~sequence{0}) + '\0';
}

sequence segment_of_page(std::string_view key) {
  return ~sequence_of(key);
}

std::map<std::string, std::vector<index_entry>> pages_of(sequence segment,
                                                         std::span<const index_entry> entries) {
  std::map<std::string, std::vector<index_entry>> pages;
  for (const auto& entry : entries)
    pages[page_key(0, entry.term.page(), segment)].push_back(entry);
  return pages;
}

std::string encode_entries(std::string_view key, std::span<const index_entry> entries) {
  std::string out;
  out.reserve(1 + entries.size() * entry_size + 4);
  byte_writer writer(out);
  writer.u8(value_format);
  for (const auto& [term, number] : entries) {
    const auto offset = number - segment_start(number);
    const auto kind = static_cast<unsigned>(term.kind) << offset_bits;
    writer.u64(term.hash).u16(static_cast<std::uint16_t>(kind | offset));
  }
  seal(key, out);
  return out;
}

std::optional<std::vector<index_entry>> decode_entries(std::string_view key, std::string_view value) {
  auto in = open_value(key, value);
  if (!in) return std::nullopt;
  const auto segment = segment_of_row(key);
  if (segment != segment_start(segment)) return std::nullopt;
  std::vector<index_entry> entries;
  entries.reserve(value.size() / entry_size);
  while (in->ok() && !in->complete()) {
    const auto hash = in->u64();
    const auto rest = in->u16();
    const auto kind = static_cast<index_kind>(rest >> offset_bits);
    entries.push_back({{kind, hash}, segment + rest % segment_size});
  }
  if (!in->complete()) return std::nullopt;
  return entries;
}

bool is_stale_index_row(const horizons& limits, std::string_view key, std::string_view value) {
  const auto segment = segment_of_row(key);
  const auto first = limits.first.load();
  const auto needless = is_page(key) ? first : std::max(first, limits.paged.load());
  if (segment_end(segment) <= needless) return true;
  if (segment >= first) return false;
  const auto entries = decode_entries(key, value);
  return entries && std::all_of(entries->begin(), entries->end(),
                                [first](const index_entry& each) { return each.number < first; });
}

}  // namespace cartrelay::queue::rocks
