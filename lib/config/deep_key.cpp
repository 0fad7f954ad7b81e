#include "config/deep_key.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace cartrelay::config {
namespace {

std::string_view opening_quotes(std::string_view text) {
  constexpr std::array<std::string_view, 4> kinds{R"(""")", "'''", R"(")", "'"};
  const auto* kind =
      std::ranges::find_if(kinds, [&](std::string_view each) { return text.starts_with(each); });
  return kind == kinds.end() ? std::string_view() : *kind;
}

/// Three quotes may have further ones before them, which belong to the string.
bool is_closed_by(std::string_view rest, std::string_view quotes) {
  if (!rest.starts_with(quotes)) return false;
  return quotes.size() == 1 || !rest.substr(quotes.size()).starts_with(quotes.front());
}

/// How long the string is that the text begins with; 0: it begins with none. One that lacks its end reaches
/// to that of its line, or of the text; the parser goes no further.
std::size_t length_of_string(std::string_view text) {
  const auto quotes = opening_quotes(text);
  if (quotes.empty()) return 0;
  const bool has_escapes = quotes.front() == '"', has_lines = quotes.size() > 1;
  for (auto at = quotes.size(); at < text.size(); ++at) {
    if (is_closed_by(text.substr(at), quotes)) return at + quotes.size();
    if (text[at] == '\n' && !has_lines) return at;
    if (text[at] == '\\' && has_escapes) ++at;
  }
  return text.size();
}

std::size_t length_of_comment(std::string_view text) {
  return text.front() == '#' ? std::min(text.find('\n'), text.size()) : 0;
}

}  // namespace

std::optional<unsigned> line_of_deep_key(std::string_view text) {
  unsigned line = 1;
  int dots = 0;
  while (!text.empty()) {
    const auto passed =
        text.substr(0, std::max({length_of_string(text), length_of_comment(text), std::size_t{1}}));
    line += static_cast<unsigned>(std::ranges::count(passed, '\n'));
    if (passed == ".")
      ++dots;
    else if (passed.find_first_of("\n=,[{") == 0)
      dots = 0;
    if (dots > most_dots_in_a_key) return line;
    text.remove_prefix(passed.size());
  }
  return std::nullopt;
}

}  // namespace cartrelay::config
