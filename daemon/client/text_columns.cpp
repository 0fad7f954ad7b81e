#include "daemon/client/text_columns.hpp"

#include "base/text.hpp"

namespace cartrelay::daemon {

std::size_t columns_of(std::string_view text) {
  return base::utf8_characters(text);
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

std::string folded(std::string_view lead, std::string_view text, std::size_t width) {
  const auto indent = columns_of(lead);
  const auto room = std::max(width, indent + 1) - indent;
  std::string out(lead);
  while (columns_of(text) > room) {
    auto end = base::utf8_first(text, room).size();
    if (const auto blank = text.rfind(' ', end); blank != std::string_view::npos && blank > 0) end = blank;
    out.append(text.substr(0, end)).append("\n").append(indent, ' ');
    text.remove_prefix(text[end] == ' ' ? end + 1 : end);
  }
  return out.append(text).append("\n");
}

}  // namespace cartrelay::daemon
