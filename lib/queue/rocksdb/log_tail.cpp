#include "queue/rocksdb/log_tail.hpp"

#include "base/log.hpp"
#include "queue/rocksdb/log_format.hpp"

#include <algorithm>
#include <vector>

namespace cartrelay::queue::rocks {
namespace {

namespace fs = std::filesystem;
using namespace log_format;

/// A sector that never reached the disk. At the end of a record it may be short, and zero by chance: once in
/// a hundred thousand records.
bool has_unwritten_part(std::string_view bytes, const fragment& which) {
  const auto end = which.end();
  for (auto at = (which.at + sector - 1) / sector * sector; at < end; at += sector)
    if (all_zero(bytes.substr(at, std::min(sector, end - at)))) return true;
  return false;
}

/// Within the block of `from`, where what is missing has taken the next header's place with it. A record's
/// own bytes do not look like a fragment with its checksum.
bool is_followed_in_block(std::string_view bytes, std::size_t from) {
  const auto end = std::min((from / block + 1) * block, bytes.size());
  for (auto at = from + 1; at + header <= end; ++at) {
    const auto each = fragment_at(bytes, at);
    if (each.begins_record() && each.end() <= end && is_right(bytes, each)) return true;
  }
  return false;
}

/// A record that begins behind `from`: something was written after what is missing.
bool is_followed_by_record(std::string_view bytes, std::size_t from) {
  if (is_followed_in_block(bytes, from)) return true;
  for (auto at = (from / block + 1) * block; at + header <= bytes.size(); at += block) {
    walk within(bytes, at);
    while (const auto each = within.next()) {
      if (!is_right(bytes, *each)) break;
      if (each->begins_record()) return true;
      if (within.at() >= at + block) break;
    }
  }
  return false;
}

bool all_right(std::string_view bytes, std::size_t until) {
  walk along(bytes, 0);
  while (along.at() < until)
    if (const auto each = along.next(); !each || !is_right(bytes, *each)) return false;
  return true;
}

/// A cut is only made where everything before it is as it was written: a wrong length leads anywhere.
log_tail torn_at(std::string_view bytes, std::size_t begin) {
  return {all_right(bytes, begin) ? log_tail::state::torn : log_tail::state::damaged, begin};
}

}  // namespace

log_tail inspect_log(std::string_view bytes) {
  using state = log_tail::state;
  walk along(bytes, 0);
  std::vector<fragment> newest;  // the record that the walk is in, or has left last
  while (const auto each = along.next()) {
    if (each->begins_record()) newest.clear();
    newest.push_back(*each);
  }
  const auto end = std::min(along.at(), bytes.size());
  const auto rest = bytes.substr(end);
  const bool unfinished = !newest.empty() && newest.back().type != full && newest.back().type != last;
  const auto begin = newest.empty() ? 0 : newest.front().at;
  if (rest.size() < header) return {state::whole, end};  // cut, or full to the end: as RocksDB leaves one
  if (!fragment_at(bytes, end).is_zero() && !is_half_written(bytes, end)) return {state::damaged, end};
  // Something behind zeros: of one write, whose later part has reached the disk, or of the log.
  const bool has_hole = !all_zero(rest);
  if (has_hole && is_followed_by_record(bytes, end)) return {state::holed, end};
  if (unfinished) return torn_at(bytes, begin);
  if (has_hole) return torn_at(bytes, end);
  for (const auto& each : newest)
    if (!is_right(bytes, each))
      return has_unwritten_part(bytes, each) ? torn_at(bytes, begin) : log_tail{state::damaged, end};
  return {state::whole, end};
}

rocksdb::Status find_torn_write(rocksdb::Env& disk, const std::string& folder,
                                std::optional<torn_write>& out) {
  out.reset();
  const auto logs = logs_in(folder);
  if (!logs) return rocksdb::Status::IOError(logs.error().message());
  if (logs->empty()) return rocksdb::Status::OK();
  const auto& newest = logs->rbegin()->second;
  std::string bytes;
  if (auto status = rocksdb::ReadFileToString(&disk, newest, &bytes); !status.ok()) return status;
  const auto tail = inspect_log(bytes);
  if (tail.what == log_tail::state::holed)
    return rocksdb::Status::Corruption(newest.string(), "zeros stand where records were");
  if (tail.what == log_tail::state::torn) out = {newest, tail.records_end};
  return rocksdb::Status::OK();
}

rocksdb::Status cut_torn_write(rocksdb::Env& disk, const std::string& folder) {
  std::optional<torn_write> torn;
  if (auto status = find_torn_write(disk, folder, torn); !status.ok() || !torn) return status;
  base::log::info("queue: the newest write had not reached the disk when the last process ended: cut off");
  std::error_code failure;
  fs::resize_file(torn->log, torn->begin, failure);
  return failure ? rocksdb::Status::IOError(torn->log.string(), failure.message()) : rocksdb::Status::OK();
}

}  // namespace cartrelay::queue::rocks
