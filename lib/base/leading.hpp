#pragma once

#include <cstdint>
#include <string_view>

namespace cartrelay::base {

/// The first bytes of a text as an unsigned number that orders as they do: most texts differ there, and are
/// compared as numbers. A shorter text is filled up with zeros.
template <class Number>
[[nodiscard]] Number leading(std::string_view text) noexcept {
  Number value = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    value = static_cast<Number>(value << 8 | (i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0u));
  return value;
}

}  // namespace cartrelay::base
