#pragma once

#include <optional>
#include <string_view>

namespace cartrelay::config {

/// The parser calls itself for each part of a dotted key.
inline constexpr int most_dots_in_a_key = 1'000;

/// The line, from 1, of a key of TOML that has more dots; those in strings and comments are none of a key's.
[[nodiscard]] std::optional<unsigned> line_of_deep_key(std::string_view text);

}  // namespace cartrelay::config
