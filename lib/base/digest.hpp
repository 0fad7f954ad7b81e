#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace cartrelay::base {

using sha256_digest = std::array<std::uint8_t, 32>;
using xxh128_digest = std::array<std::uint8_t, 16>;

[[nodiscard]] sha256_digest sha256(std::string_view data);
/// Runs in a time that depends on nothing but the size (CRYPTO_memcmp).
[[nodiscard]] bool equal_in_constant_time(const sha256_digest& a, const sha256_digest& b) noexcept;
/// XXH3 with 128 bits, without a seed, the highest byte first. Many times as fast as SHA-256; it
/// tells texts apart that nobody makes on purpose to look the same.
[[nodiscard]] xxh128_digest xxh128(std::string_view data) noexcept;
/// 64-bit FNV-1a with a mixing finaliser, for keys in memory: the same in every process, and who chooses the
/// texts can make two of them meet. Nothing that is stored depends on it.
[[nodiscard]] std::uint64_t stable_hash(std::string_view data) noexcept;
/// CRC-32C as used for stored records; of what comes behind a text whose sum is `before`.
[[nodiscard]] std::uint32_t crc32c(std::string_view data, std::uint32_t before = 0) noexcept;

template <class Bytes>
[[nodiscard]] std::string to_hex(const Bytes& bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const auto byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    out += digits[value >> 4];
    out += digits[value & 15];
  }
  return out;
}

}  // namespace cartrelay::base
