#include "queue/rocksdb/log_format.hpp"

#include "base/digest.hpp"
#include "base/file.hpp"
#include "queue/rocksdb/bytes.hpp"

#include <charconv>

namespace cartrelay::queue::rocks::log_format {

fragment fragment_at(std::string_view bytes, std::size_t at) {
  fragment out;
  out.at = at;
  out.checksum = static_cast<std::uint32_t>(little_endian(bytes.substr(at, 4)));
  out.size = little_endian(bytes.substr(at + 4, 2));
  out.type = static_cast<std::uint8_t>(bytes[at + 6]);
  return out;
}

bool is_right(std::string_view bytes, const fragment& which) {
  const auto sum = base::crc32c(bytes.substr(which.at + header - 1, 1 + which.size));  // the type, the bytes
  return (sum >> 15 | sum << 17) + 0xa282ead8u == which.checksum;
}

bool all_zero(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

bool is_half_written(std::string_view bytes, std::size_t at) {
  const auto border = (at / sector + 1) * sector;
  if (border >= at + header) return false;
  return all_zero(bytes.substr(at, border - at)) || all_zero(bytes.substr(border, sector));
}

std::optional<fragment> walk::next() {
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

base::result<numbered_logs> logs_in(const std::string& folder) {
  const auto files = base::files_in(folder);
  if (!files) return files.error();
  numbered_logs found;
  for (const auto& file : *files) {
    if (file.extension() != ".log") continue;
    const auto name = file.stem().string();
    std::uint64_t number = 0;
    const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (failure == std::errc() && end == name.data() + name.size()) found[number] = file;
  }
  return found;
}

}  // namespace cartrelay::queue::rocks::log_format
