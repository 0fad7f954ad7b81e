#include "event/syntax.hpp"

#include "base/ascii.hpp"

#include <boost/url/parse.hpp>

#include <algorithm>

namespace cartrelay::event::syntax {
namespace {

using base::is_alphanumeric, base::is_capital, base::is_digit, base::is_letter, base::is_small;

}  // namespace

bool is_currency(std::string_view text) noexcept {
  return text.size() == 3 && std::all_of(text.begin(), text.end(), is_capital);
}

bool is_phone(std::string_view text) noexcept {
  return text.size() >= 8 && text.size() <= 16 && text.front() == '+' &&
         std::all_of(text.begin() + 1, text.end(), is_digit);
}

bool is_language(std::string_view text) noexcept {
  for (bool first = true;; first = false) {
    const auto subtag = text.substr(0, text.find('-'));
    const bool alone = subtag.size() == text.size();
    const bool one_letter = subtag == "x" || subtag == "X" || subtag == "i" || subtag == "I";
    if (first && subtag.size() < 2 && (!one_letter || alone)) return false;
    if (subtag.empty() || subtag.size() > 8) return false;
    if (!std::all_of(subtag.begin(), subtag.end(),
                     [first](char c) { return is_letter(c) || (!first && is_digit(c)); }))
      return false;
    if (alone) return true;
    text.remove_prefix(subtag.size() + 1);
  }
}

bool is_uri_reference(std::string_view text) {
  // What most shops send, such as "shop/de", needs no parser: these alone make a path, whatever their order.
  const auto plain = [](char c) {
    return is_alphanumeric(c) || c == '/' || c == '-' || c == '.' || c == '_' || c == '~';
  };
  if (std::all_of(text.begin(), text.end(), plain)) return true;
  const auto parsed = boost::urls::parse_uri_reference({text.data(), text.size()});
  if (!parsed) return false;
  // Boost 1.81 ends a port at the first character that is no digit, and takes the rest for the path.
  const std::string_view path = parsed->encoded_path();
  return !parsed->has_authority() || path.empty() || path.front() == '/';
}

bool is_attribute_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 20 &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_small(c) || is_digit(c); });
}

}  // namespace cartrelay::event::syntax
