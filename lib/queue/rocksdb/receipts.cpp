#include "queue/rocksdb/receipts.hpp"

#include "queue/errc.hpp"
#include "queue/rocksdb/log_reads.hpp"
#include "queue/rocksdb/progress_records.hpp"

#include <fmt/format.h>
#include <rocksdb/snapshot.h>

namespace cartrelay::queue::rocks {
namespace {

/// Reads at one moment: between two reads an event could move from one family to another.
class momentary {
 public:
  explicit momentary(const store& data) : data_(data), moment_(&data.db()) {
    options_.snapshot = moment_.snapshot();
  }

  [[nodiscard]] std::optional<std::string> get(family from, std::string_view key) const {
    std::string value;
    if (!data_.db().Get(options_, data_[from], key, &value).ok()) return std::nullopt;
    return value;
  }

 private:
  const store& data_;
  rocksdb::ManagedSnapshot moment_;
  rocksdb::ReadOptions options_;
};

std::optional<end> ended(const momentary& now, std::string_view key) {
  const auto full = now.get(family::dead_letters, key);
  if (full) return decode_end(key, *full);
  const auto stored = now.get(family::ends, key);
  return stored ? decode_end(key, *stored) : std::nullopt;
}

receipt_line line_of(const momentary& now, destination_id id, sequence number) {
  const auto key = unit_key(id, 0, number);
  receipt_line out;
  out.destination = id;
  out.ended = ended(now, key);
  if (out.ended) return out;
  const auto stored = now.get(family::exceptions, key);
  auto read = stored ? decode_exception(key, *stored) : std::nullopt;
  if (read) out.waiting = std::move(read->value);
  return out;
}

}  // namespace

std::vector<receipt_line> receipt_lines(const read_side& side, const record& event) {
  const momentary now(side.data);
  std::vector<receipt_line> lines;
  for (const auto id : event.routed)
    lines.push_back(line_of(now, id, event.number));
  return lines;
}

base::result<receipt> find_receipt(const read_side& side, partition part, sequence number) {
  if (part == 0) {
    if (auto event = logged(side, number)) {
      auto lines = receipt_lines(side, *event);
      return receipt{std::move(*event), std::move(lines)};
    }
    receipt found;
    for (const auto id : side.told.destinations()) {
      auto event = copied(side, id, number);
      if (!event) continue;
      found.event = std::move(*event);
      found.lines.push_back(line_of(momentary(side.data), id, number));
    }
    if (!found.lines.empty()) {
      found.event.routed.clear();
      for (const auto& line : found.lines)
        found.event.routed.push_back(line.destination);
      return found;
    }
  }
  return fail(errc::not_found, fmt::format("event {} is not in the queue", number));
}

base::result<receipt> find_receipt(const read_side& side, std::string_view source, std::string_view id) {
  const auto key = identity_key(side.hashes, source, id);
  const auto stored = side.data.get(family::dedup, key);
  if (!stored) return stored.error();
  const auto known = *stored ? decode_identity(key, **stored) : std::nullopt;
  if (!known) return fail(errc::not_found, "no event of that source and id is in the queue");
  return find_receipt(side, 0, known->number);
}

}  // namespace cartrelay::queue::rocks
