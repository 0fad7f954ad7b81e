#include "queue/rocksdb/receipts.hpp"

#include "queue/errc.hpp"
#include "queue/rocksdb/log_reads.hpp"
#include "queue/rocksdb/progress_records.hpp"

#include <fmt/format.h>
#include <rocksdb/snapshot.h>

namespace cartrelay::queue::rocks {
namespace {

/// A row as it was found: its value, or nothing because there is none, or because it is damaged.
struct found_row {
  std::optional<std::string> value;
  bool damaged = false;
};

/// Reads at one moment: between two reads an event could move from one family to another.
class momentary {
 public:
  explicit momentary(const store& data) : data_(data), moment_(&data.db()) {
    options_.snapshot = moment_.snapshot();
  }

  [[nodiscard]] base::result<found_row> get(family from, std::string_view key) const {
    auto stored = data_.get(from, key, options_);
    if (!stored && stored.error().code == errc::corrupt) return found_row{std::nullopt, true};
    if (!stored) return stored.error();
    return found_row{std::move(*stored), false};
  }

  /// Everything up to there has ended, or waits in `exceptions`.
  [[nodiscard]] base::result<sequence> cursor(destination_id id) const {
    const auto key = unit_entry(id, 0);
    const auto stored = get(family::meta, key);
    if (!stored) return stored.error();
    const auto read = stored->value ? decode_unit(key, *stored->value) : std::nullopt;
    return read ? read->cursor : 0;
  }

 private:
  const store& data_;
  rocksdb::ManagedSnapshot moment_;
  rocksdb::ReadOptions options_;
};

base::result<std::optional<end>> ended(const momentary& now, std::string_view key) {
  for (const auto from : {family::dead_letters, family::ends}) {
    const auto stored = now.get(from, key);
    if (!stored) return stored.error();
    if (stored->value)
      if (auto how = decode_end(key, *stored->value)) return how;
  }
  return std::nullopt;
}

base::result<receipt_line> line_of(const momentary& now, destination_id id, sequence number) {
  const auto key = unit_key(id, 0, number);
  receipt_line out;
  out.destination = id;
  auto how = ended(now, key);
  if (!how) return how.error();
  out.ended = std::move(*how);
  if (out.ended) return out;
  const auto stored = now.get(family::exceptions, key);
  if (!stored) return stored.error();
  auto read = stored->value ? decode_exception(key, *stored->value) : std::nullopt;
  if (read) out.waiting = std::move(read->value);
  if (out.waiting || stored->value || stored->damaged) return out;
  const auto cursor = now.cursor(id);
  if (!cursor) return cursor.error();
  if (number <= *cursor) out.ended = corrupt_end(number, "it has ended, and how cannot be read any more");
  return out;
}

}  // namespace

base::result<std::vector<receipt_line>> receipt_lines(const read_side& side, const record& event) {
  const momentary now(side.data);
  std::vector<receipt_line> lines;
  for (const auto id : event.routed) {
    auto line = line_of(now, id, event.number);
    if (!line) return line.error();
    lines.push_back(std::move(*line));
  }
  return lines;
}

base::result<receipt> find_receipt(const read_side& side, partition part, sequence number) {
  if (part == 0) {
    auto logged = look_up(side, number);
    if (!logged) return logged.error();
    if (auto& event = *logged) {
      auto lines = receipt_lines(side, *event);
      if (!lines) return lines.error();
      return receipt{std::move(*event), std::move(*lines)};
    }
    receipt found;
    for (const auto id : side.told.destinations()) {
      auto event = copied(side, id, number);
      if (!event) return event.error();
      if (!*event) continue;
      auto line = line_of(momentary(side.data), id, number);
      if (!line) return line.error();
      found.event = std::move(**event);
      found.lines.push_back(std::move(*line));
    }
    if (!found.lines.empty()) {
      found.event.routed.clear();
      for (const auto& line : found.lines)
        found.event.routed.push_back(line.destination);
      return found;
    }
  }
  const auto set_aside = side.data.get_sound(family::meta, torn_entry(part, number));
  if (!set_aside) return set_aside.error();
  if (!*set_aside) return fail(errc::not_found);
  return fail(errc::not_found,
              fmt::format("the record of event {} was damaged and is set aside: where it was "
                          "unfinished, it has ended as discarded (corrupt)",
                          number));
}

base::result<receipt> find_receipt(const read_side& side, std::string_view source, std::string_view id) {
  const auto key = identity_key(side.hashes, source, id);
  const auto stored = side.data.get(family::dedup, key);
  if (!stored) return stored.error();
  const auto known = *stored ? decode_identity(key, **stored) : std::nullopt;
  if (!known) return fail(errc::not_found);
  return find_receipt(side, 0, known->number);
}

}  // namespace cartrelay::queue::rocks
