#include "dispatch/written.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace cartrelay::dispatch {
namespace {

constexpr std::size_t telling = 6;           // characters of a secret that are worth hiding
constexpr std::size_t longest_escape = 8;    // of one character
constexpr std::size_t longest_written = 32;  // of one that was escaped again and again
constexpr std::string_view escapes = "\\%&";

struct entity {
  char means;
  std::string_view written;
};
constexpr std::array entities{entity{'&', "&amp;"}, entity{'<', "&lt;"}, entity{'>', "&gt;"},
                              entity{'"', "&quot;"}, entity{'\'', "&apos;"}};

/// Whether these digits are the number of `c`.
bool is_code(std::string_view digits, int base, char c) {
  unsigned value = 0;
  const auto* last = digits.data() + digits.size();
  const auto [end, failure] = std::from_chars(digits.data(), last, value, base);
  return !digits.empty() && failure == std::errc() && end == last && value == static_cast<unsigned char>(c);
}

/// `\/`, `\u002f`; an escape that was escaped itself only has more backslashes.
std::size_t length_in_json(std::string_view text, char c) {
  const auto begin = std::min(text.find_first_not_of('\\'), text.size());
  if (c == '\\') return begin;
  if (begin < text.size() && text[begin] == c) return begin + 1;
  if (text.substr(begin, 1) != "u") return 0;
  const auto digits = text.substr(begin + 1, 4);
  return digits.size() == 4 && is_code(digits, 16, c) ? begin + 5 : 0;
}

/// `%2F`, `%252F`…
std::size_t length_in_url(std::string_view text, char c) {
  for (std::size_t at = 1; at + 2 <= text.size(); at += 2) {
    const auto digits = text.substr(at, 2);
    if (is_code(digits, 16, c)) return at + 2;
    if (digits != "25") break;
  }
  return 0;
}

/// `&amp;`, `&#38;`, `&#x26;`.
std::size_t length_in_html(std::string_view text, char c) {
  for (const auto& each : entities)
    if (each.means == c && text.starts_with(each.written)) return each.written.size();
  const auto end = text.substr(0, longest_escape).find(';');
  if (!text.starts_with("&#") || end == std::string_view::npos) return 0;
  const bool hex = text.substr(2, 1) == "x" || text.substr(2, 1) == "X";
  const auto digits = hex ? text.substr(3, end - 3) : text.substr(2, end - 2);
  return is_code(digits, hex ? 16 : 10, c) ? end + 1 : 0;
}

/// Of `c` as it is written where `text` begins; 0: something else stands there.
std::size_t written_length(std::string_view text, char c) {
  std::size_t length = 0;
  text = text.substr(0, longest_written);
  if (text.front() == '\\') length = length_in_json(text, c);
  if (text.front() == '%') length = length_in_url(text, c);
  if (text.front() == '&') length = length_in_html(text, c);
  if (length == 0 && (text.front() == c || (c == ' ' && text.front() == '+'))) length = 1;
  return length;
}

/// Whether it may be the beginning of an escape that was cut.
bool is_cut_escape(std::string_view text) {
  const auto goes_on = [](char c) { return c == '#' || c == '\\' || base::is_alphanumeric(c); };
  return text.size() < longest_escape && escapes.find(text.front()) != std::string_view::npos &&
         std::all_of(text.begin() + 1, text.end(), goes_on);
}

/// Of the secret, or of its beginning where `text` ends within it; 0: neither stands there.
std::size_t secret_length(std::string_view text, std::string_view secret) {
  std::size_t at = 0;
  for (std::size_t next = 0; next < secret.size(); ++next) {
    const bool told = next >= telling;
    if (at == text.size()) return told ? at : 0;
    const auto rest = text.substr(at);
    const auto length = written_length(rest, secret[next]);
    if (length == 0) return told && is_cut_escape(rest) ? text.size() : 0;
    at += length;
    // A run of backslashes was taken as a whole.
    while (secret[next] == '\\' && next + 1 < secret.size() && secret[next + 1] == '\\')
      ++next;
  }
  return at;
}

}  // namespace

void replace_written(std::string& text, std::string_view secret, std::string_view instead) {
  if (secret.empty()) return;
  const auto may_begin = [first = secret.front()](char c) {
    return c == first || escapes.find(c) != std::string_view::npos || (c == '+' && first == ' ');
  };
  const std::string_view all = text;
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < all.size(); ++at) {
    const auto length = may_begin(all[at]) ? secret_length(all.substr(at), secret) : 0;
    if (length == 0) continue;
    out.append(all, copied, at - copied).append(instead);
    copied = at + length;
    at = copied - 1;
  }
  if (copied == 0) return;
  out.append(all, copied);
  text = std::move(out);
}

}  // namespace cartrelay::dispatch
