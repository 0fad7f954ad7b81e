#include "queue/rocksdb/log_tail.hpp"

#include "base/digest.hpp"
#include "base/log.hpp"

#include <boost/interprocess/file_mapping.hpp>
#include <boost/interprocess/mapped_region.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace cartrelay::queue::rocks {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t block = 32 << 10, header = 7, sector = 512;
enum fragment_type : std::uint8_t { zero, full, first, middle, last };

struct fragment {
  std::size_t at = 0, size = 0;  // of the bytes behind the header
  std::uint32_t checksum = 0;
  std::uint8_t type = zero;

  [[nodiscard]] std::size_t end() const noexcept { return at + header + size; }
  [[nodiscard]] bool begins_record() const noexcept { return type == full || type == first; }
  [[nodiscard]] bool is_zero() const noexcept { return checksum == 0 && size == 0 && type == zero; }
};

std::size_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

/// The header that begins at `at`, where there is room for one. Little-endian.
fragment fragment_at(std::string_view bytes, std::size_t at) {
  fragment out;
  out.at = at;
  for (std::size_t i = 0; i < 4; ++i)
    out.checksum |= static_cast<std::uint32_t>(byte_at(bytes, at + i) << (8 * i));
  out.size = byte_at(bytes, at + 4) | byte_at(bytes, at + 5) << 8;
  out.type = static_cast<std::uint8_t>(byte_at(bytes, at + 6));
  return out;
}

bool is_right(std::string_view bytes, const fragment& which) {
  const auto sum = base::crc32c(bytes.substr(which.at + header - 1, 1 + which.size));  // the type, the bytes
  return (sum >> 15 | sum << 17) + 0xa282ead8u == which.checksum;
}

bool all_zero(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

/// A sector that never reached the disk. At the end of a record it may be short, and zero by chance: once in
/// a hundred thousand records.
bool has_unwritten_part(std::string_view bytes, const fragment& which) {
  const auto end = which.end();
  for (auto at = (which.at + sector - 1) / sector * sector; at < end; at += sector)
    if (all_zero(bytes.substr(at, std::min(sector, end - at)))) return true;
  return false;
}

/// A header that lies across two sectors, of which one has reached the disk. The first one held the end of
/// the record before, so that only what lies behind that can be missing from it.
bool is_half_written(std::string_view bytes, std::size_t at) {
  const auto border = (at / sector + 1) * sector;
  if (border >= at + header) return false;
  return all_zero(bytes.substr(at, border - at)) || all_zero(bytes.substr(border, sector));
}

/// Fragments one behind the other, from the beginning of a block.
class walk {
 public:
  walk(std::string_view bytes, std::size_t from) : bytes_(bytes), at_(from) {}

  /// Nothing at the end, and where no fragment can be: see at(). What a half-written header says of the
  /// length is not believed, though it may be a whole one that holds zeros.
  std::optional<fragment> next() {
    if (const auto room = block - at_ % block; room < header) at_ += room;
    if (at_ + header > bytes_.size()) return std::nullopt;
    const auto found = fragment_at(bytes_, at_);
    if (found.type < full || found.type > last || found.end() > bytes_.size() ||
        header + found.size > block - at_ % block)
      return std::nullopt;
    if (is_half_written(bytes_, at_) && !is_right(bytes_, found)) return std::nullopt;
    at_ = found.end();
    return found;
  }
  [[nodiscard]] std::size_t at() const noexcept { return at_; }

 private:
  std::string_view bytes_;
  std::size_t at_;
};

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

std::optional<fs::path> newest_log(const std::string& folder) {
  std::optional<fs::path> found;
  std::uint64_t newest = 0;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    if (entry.path().extension() != ".log") continue;
    const auto name = entry.path().stem().string();
    std::uint64_t number = 0;
    const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (failure != std::errc() || end != name.data() + name.size() || (found && number < newest)) continue;
    newest = number;
    found = entry.path();
  }
  return found;
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

rocksdb::Status cut_torn_write(const std::string& folder) {
  namespace ipc = boost::interprocess;
  const auto log = newest_log(folder);
  std::error_code failure;
  if (!log || fs::file_size(*log, failure) == 0 || failure) return rocksdb::Status::OK();
  log_tail tail;
  try {
    const ipc::file_mapping file(log->c_str(), ipc::read_only);
    const ipc::mapped_region region(file, ipc::read_only);
    tail = inspect_log({static_cast<const char*>(region.get_address()), region.get_size()});
  } catch (const ipc::interprocess_exception& unreadable) {
    return rocksdb::Status::IOError(log->string(), unreadable.what());
  }
  if (tail.what == log_tail::state::holed)
    return rocksdb::Status::Corruption(log->string(), "zeros stand where records were");
  if (tail.what != log_tail::state::torn) return rocksdb::Status::OK();
  base::log::info("queue: the newest write had not reached the disk when the last process ended: cut off");
  fs::resize_file(*log, tail.records_end, failure);
  return failure ? rocksdb::Status::IOError(log->string(), failure.message()) : rocksdb::Status::OK();
}

}  // namespace cartrelay::queue::rocks
