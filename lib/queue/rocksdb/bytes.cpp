#include "queue/rocksdb/bytes.hpp"

#include "base/digest.hpp"

#include <array>

namespace cartrelay::queue::rocks {
namespace {

template <class Number>
void append_big_endian(std::string& out, Number value) {
  std::array<char, sizeof(Number)> bytes;
  for (auto at = bytes.rbegin(); at != bytes.rend(); ++at, value = static_cast<Number>(value >> 8))
    *at = static_cast<char>(static_cast<std::uint8_t>(value));
  out.append(bytes.data(), bytes.size());
}

template <class Number>
Number from_big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes)
    value = value << 8 | static_cast<std::uint8_t>(byte);
  return static_cast<Number>(value);
}

/// Bound to the key as well, so that a value under a wrong key is noticed.
std::uint32_t checksum(std::string_view key, std::uint32_t sum) {
  return sum ^ (base::crc32c(key) * 0x9e3779b1u);
}

}  // namespace

byte_writer& byte_writer::u8(std::uint8_t value) {
  out_ += static_cast<char>(value);
  return *this;
}

byte_writer& byte_writer::u16(std::uint16_t value) {
  append_big_endian(out_, value);
  return *this;
}

byte_writer& byte_writer::u32(std::uint32_t value) {
  append_big_endian(out_, value);
  return *this;
}

byte_writer& byte_writer::u64(std::uint64_t value) {
  append_big_endian(out_, value);
  return *this;
}

byte_writer& byte_writer::varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    out_ += static_cast<char>(static_cast<std::uint8_t>(value | 0x80));
  out_ += static_cast<char>(static_cast<std::uint8_t>(value));
  return *this;
}

byte_writer& byte_writer::time(base::timestamp value) {
  return u64(static_cast<std::uint64_t>(base::to_micros(value)));
}

byte_writer& byte_writer::maybe_time(const std::optional<base::timestamp>& value) {
  u8(value ? 1 : 0);
  return value ? time(*value) : *this;
}

byte_writer& byte_writer::raw(std::string_view bytes) {
  out_ += bytes;
  return *this;
}

byte_writer& byte_writer::text(std::string_view bytes) {
  return varint(bytes.size()).raw(bytes);
}

std::string_view byte_reader::raw(std::size_t size) {
  if (size > rest_.size()) {
    ok_ = false;
    rest_ = {};
    return {};
  }
  const auto out = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return out;
}

std::uint8_t byte_reader::u8() {
  return from_big_endian<std::uint8_t>(raw(1));
}

std::uint16_t byte_reader::u16() {
  return from_big_endian<std::uint16_t>(raw(2));
}

std::uint32_t byte_reader::u32() {
  return from_big_endian<std::uint32_t>(raw(4));
}

std::uint64_t byte_reader::u64() {
  return from_big_endian<std::uint64_t>(raw(8));
}

std::uint64_t byte_reader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint64_t byte = u8();
    if (!ok_) return 0;
    value |= (byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  ok_ = false;
  return 0;
}

base::timestamp byte_reader::time() {
  return base::from_micros(static_cast<std::int64_t>(u64()));
}

std::optional<base::timestamp> byte_reader::maybe_time() {
  if (u8() == 0) return std::nullopt;
  return time();
}

std::string_view byte_reader::text() {
  return raw(varint());
}

void seal(std::string_view key, std::string& value) {
  value += seal_of(key, sum_of(value, {}));
}

std::uint32_t sum_of(std::string_view head, std::string_view rest) noexcept {
  return base::crc32c(rest, base::crc32c(head));
}

std::string seal_of(std::string_view key, std::uint32_t sum) {
  const auto bound = checksum(key, sum);
  std::string out;
  for (unsigned shift = 0; shift < 32; shift += 8)
    out += static_cast<char>(static_cast<std::uint8_t>(bound >> shift));
  return out;
}

std::optional<std::string_view> unseal(std::string_view key, std::string_view value) {
  if (value.size() < 4) return std::nullopt;
  const auto body = value.substr(0, value.size() - 4);
  if (little_endian(value.substr(body.size())) != checksum(key, sum_of(body, {}))) return std::nullopt;
  return body;
}

std::optional<byte_reader> open_value(std::string_view key, std::string_view value) {
  const auto body = unseal(key, value);
  if (!body) return std::nullopt;
  byte_reader in(*body);
  if (in.u8() != value_format) return std::nullopt;
  return in;
}

}  // namespace cartrelay::queue::rocks
