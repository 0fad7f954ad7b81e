#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cartrelay::base {

/// The candidate nearest to `word` by edit distance (two neighbours swapped count as one edit), if it is
/// close enough to be what was meant: a third of the word's length, at least one edit. Else the only one that
/// begins with `word`, from three characters on. Case does not count.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view word,
                                                      std::span<const std::string_view> candidates);
/// RFC 3986: everything but unreserved characters percent-encoded; safe as one path segment or query value.
[[nodiscard]] std::string percent_encode(std::string_view text);
/// Nothing if an escape is malformed.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);
[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;
/// The text before the first byte that is none of a well-formed sequence.
[[nodiscard]] std::string_view valid_utf8_prefix(std::string_view text) noexcept;
/// Code points. This and the two below take any bytes: those that only continue a character begin none.
[[nodiscard]] std::size_t utf8_characters(std::string_view text) noexcept;
/// The first so many characters, or all.
[[nodiscard]] std::string_view utf8_first(std::string_view text, std::size_t characters) noexcept;
/// As many whole characters from the beginning as find room in so many bytes.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t bytes) noexcept;
/// Of a hexadecimal digit in either case; -1 for what is none.
[[nodiscard]] constexpr int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
/// ASCII only.
[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;  ///< spaces and tabs
[[nodiscard]] std::string digits_of(std::string_view text);           ///< "+359 12" → "35912"
/// `512KiB`, `1MiB`, `10GiB` or plain bytes.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);
[[nodiscard]] std::string format_size(std::uint64_t bytes);

}  // namespace cartrelay::base
