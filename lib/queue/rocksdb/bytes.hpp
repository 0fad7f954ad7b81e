#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// How numbers and texts lie in keys and values; docs/queue-format.md names the notation.
namespace cartrelay::queue::rocks {

/// Appends to a string that outlives it.
class byte_writer {
 public:
  explicit byte_writer(std::string& out) : out_(out) {}

  byte_writer& u8(std::uint8_t value);
  byte_writer& u16(std::uint16_t value);  ///< big-endian, like all fixed widths
  byte_writer& u32(std::uint32_t value);
  byte_writer& u64(std::uint64_t value);
  byte_writer& varint(std::uint64_t value);
  byte_writer& time(base::timestamp value);
  byte_writer& maybe_time(const std::optional<base::timestamp>& value);
  byte_writer& raw(std::string_view bytes);
  byte_writer& text(std::string_view bytes);  ///< varint length, bytes

 private:
  std::string& out_;
};

/// Reads what byte_writer wrote. Past the end every call answers zeros and ok() is false from then on, so a
/// whole value is read first and judged once.
class byte_reader {
 public:
  explicit byte_reader(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t u8();
  std::uint16_t u16();
  std::uint32_t u32();
  std::uint64_t u64();
  std::uint64_t varint();
  base::timestamp time();
  std::optional<base::timestamp> maybe_time();
  std::string_view raw(std::size_t size);
  std::string_view text();

  [[nodiscard]] bool ok() const noexcept { return ok_; }
  /// Everything was there and nothing is left over.
  [[nodiscard]] bool complete() const noexcept { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

/// Eight bytes at most as a number, the lowest first: as checksums, SipHash and RocksDB's own formats have
/// them.
[[nodiscard]] inline std::uint64_t little_endian(std::string_view bytes) noexcept {
  std::uint64_t value = 0;
  for (auto at = bytes.rbegin(); at != bytes.rend(); ++at)
    value = value << 8 | static_cast<std::uint8_t>(*at);
  return value;
}

/// Ends `value` with its checksum: crc32c(value) xor crc32c(key) * 0x9e3779b1.
void seal(std::string_view key, std::string& value);
/// The same in two steps, for a value whose key comes later: what its bytes, `head` and `rest` one behind the
/// other, have to do with it, and the four bytes that end the value.
[[nodiscard]] std::uint32_t sum_of(std::string_view head, std::string_view rest) noexcept;
[[nodiscard]] std::string seal_of(std::string_view key, std::uint32_t sum);
/// The value without its checksum; nothing if that does not match.
[[nodiscard]] std::optional<std::string_view> unseal(std::string_view key, std::string_view value);

/// The first byte of every value that this program writes.
inline constexpr std::uint8_t value_format = 1;

/// A reader behind the format byte; nothing if the checksum or the format is not what this program writes.
[[nodiscard]] std::optional<byte_reader> open_value(std::string_view key, std::string_view value);

}  // namespace cartrelay::queue::rocks
