#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

/// RocksDB's write-ahead logs, as its log_format.h has them: blocks of 32 KiB; fragments of a masked CRC-32C,
/// a length, a type, and so many bytes.
namespace cartrelay::queue::rocks::log_format {

inline constexpr std::size_t block = 32 << 10, header = 7, sector = 512;
enum fragment_type : std::uint8_t { zero, full, first, middle, last };

struct fragment {
  std::size_t at = 0, size = 0;  ///< of the bytes behind the header
  std::uint32_t checksum = 0;
  std::uint8_t type = zero;

  [[nodiscard]] std::size_t end() const noexcept { return at + header + size; }
  [[nodiscard]] bool begins_record() const noexcept { return type == full || type == first; }
  [[nodiscard]] bool is_zero() const noexcept { return checksum == 0 && size == 0 && type == zero; }
};

/// The header that begins at `at`, where there is room for one.
[[nodiscard]] fragment fragment_at(std::string_view bytes, std::size_t at);
/// Its checksum is that of its bytes.
[[nodiscard]] bool is_right(std::string_view bytes, const fragment& which);
[[nodiscard]] bool all_zero(std::string_view bytes);
/// A header that lies across two sectors, of which one has reached the disk. The first one held the end of
/// the record before, so that only what lies behind that can be missing from it.
[[nodiscard]] bool is_half_written(std::string_view bytes, std::size_t at);

/// Fragments one behind the other, from the beginning of a block.
class walk {
 public:
  walk(std::string_view bytes, std::size_t from) : bytes_(bytes), at_(from) {}

  /// Nothing at the end, and where no fragment can be: see at(). What a half-written header says of the
  /// length is not believed, though it may be a whole one that holds zeros.
  std::optional<fragment> next();
  [[nodiscard]] std::size_t at() const noexcept { return at_; }

 private:
  std::string_view bytes_;
  std::size_t at_;
};

using numbered_logs = std::map<std::uint64_t, std::filesystem::path>;
/// The logs of a folder by their numbers, which grow. Fails where the disk does not list it.
[[nodiscard]] base::result<numbered_logs> logs_in(const std::string& folder);

}  // namespace cartrelay::queue::rocks::log_format
