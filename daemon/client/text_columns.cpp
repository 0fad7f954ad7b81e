#include "daemon/client/text_columns.hpp"

#include <algorithm>

namespace cartrelay::daemon {
namespace {

bool begins_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0u) != 0x80u;
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

std::string cut_to(std::string_view text, std::size_t width) {
  if (columns_of(text) <= width) return std::string(text);
  std::size_t end = 0;
  for (std::size_t seen = 0; end < text.size(); ++end)
    if (begins_character(text[end]) && ++seen == width) break;
  return std::string(text.substr(0, end)) + "…";
}

std::string padded(std::string_view text, std::size_t width, bool to_the_right) {
  const auto used = columns_of(text);
  const std::string blanks(width > used ? width - used : 0, ' ');
  return to_the_right ? blanks + std::string(text) : std::string(text) + blanks;
}

std::string wrapped(const std::vector<std::string>& pieces, std::size_t indent, std::size_t width) {
  std::string out, line;
  for (const auto& piece : pieces) {
    if (!line.empty() && columns_of(line) + 2 + columns_of(piece) > width) {
      out += line + "\n";
      line = std::string(indent, ' ') + piece;
    } else {
      line += (line.empty() ? "" : "  ") + piece;
    }
  }
  return out + line + "\n";
}

}  // namespace cartrelay::daemon
