#pragma once

#include <string_view>

/// The written forms that the members of an event must have. Pure; any thread.
namespace cartrelay::event::syntax {

[[nodiscard]] bool is_currency(std::string_view text) noexcept;  ///< three capital letters, as in ISO 4217
[[nodiscard]] bool is_phone(std::string_view text) noexcept;     ///< `+` and 7 to 15 digits, as in E.164
/// The shape of a BCP 47 tag (RFC 5646, 2.1): subtags of up to 8 letters and digits joined by `-`, the first
/// of 2 to 8 letters, or `x` (private use) or `i` (grandfathered) with others behind it. Whether a subtag is
/// registered is not looked up.
[[nodiscard]] bool is_language(std::string_view text) noexcept;
[[nodiscard]] bool is_uri_reference(std::string_view text);  ///< RFC 3986, 4.1
[[nodiscard]] bool is_attribute_name(
    std::string_view text) noexcept;  ///< CloudEvents 1.0: 1 to 20 of a-z, 0-9

}  // namespace cartrelay::event::syntax
