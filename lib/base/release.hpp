#pragma once

#include <string>

namespace cartrelay::base {

/// Empties a text and gives its memory back. Neither `text = {}` nor `text = std::string()` does: the first
/// assigns no characters, the second copies them.
inline void release(std::string& text) noexcept {
  std::string().swap(text);
}

}  // namespace cartrelay::base
