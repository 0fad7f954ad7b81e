#include "sandbox/form.hpp"

#include "base/ascii.hpp"
#include "base/decimal.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

#include <algorithm>
#include <cstdint>

namespace cartrelay::sandbox {
namespace {

constexpr std::string_view plain_decimal = "a plain decimal, not negative and without an exponent";

using base::is_alphanumeric, base::is_capital, base::is_digit, base::is_letter;

bool is_hex(char c) noexcept {
  return base::hex_value(c) >= 0;
}

template <class Test>
bool all(std::string_view text, Test test) {
  return !text.empty() && std::all_of(text.begin(), text.end(), test);
}

bool email(std::string_view text) {
  const auto at = text.find('@');
  if (at == 0 || at == std::string_view::npos || at + 1 == text.size()) return false;
  return text.find('@', at + 1) == std::string_view::npos &&
         text.find_first_of(" \t\r\n") == std::string_view::npos;
}

bool web_address(std::string_view text) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (text.starts_with(scheme)) {
      const std::string_view rest = text.substr(scheme.size());
      return !rest.empty() && rest.front() != '/' &&
             rest.find_first_of(" \t\r\n\"<>") == std::string_view::npos;
    }
  }
  return false;
}

bool language(std::string_view text) {
  const auto dash = text.find('-');
  const std::string_view first = text.substr(0, dash);
  if (first.size() < 2 || first.size() > 3 || !all(first, is_letter)) return false;
  if (dash == std::string_view::npos) return true;
  return all(text.substr(dash + 1), [](char c) { return is_alphanumeric(c) || c == '-'; });
}

bool locale_list(std::string_view text) {
  while (true) {
    const auto comma = text.find(',');
    std::string_view one = text.substr(0, comma);
    one = one.substr(0, one.find(';'));
    while (one.starts_with(' '))
      one.remove_prefix(1);
    if (one != "*" && !language(one)) return false;
    if (comma == std::string_view::npos) return true;
    text.remove_prefix(comma + 1);
  }
}

/// `pattern` with `0` for a digit and everything else for itself.
bool looks_like(std::string_view text, std::string_view pattern) {
  return std::equal(text.begin(), text.end(), pattern.begin(), pattern.end(),
                    [](char c, char p) { return p == '0' ? is_digit(c) : c == p; });
}

bool date(std::string_view text) {
  return looks_like(text, "0000-00-00") && base::parse_rfc3339(std::string(text) + "T00:00:00Z");
}
bool utc_millis(std::string_view text) {
  return looks_like(text, "0000-00-00T00:00:00.000Z") && base::parse_rfc3339(text);
}
bool local_seconds(std::string_view text) {
  return looks_like(text, "0000-00-00T00:00:00") && base::parse_rfc3339(std::string(text) + "Z");
}
bool amount(std::string_view text) {
  return base::decimal::parse(text).has_value();
}
bool decimal(std::string_view text) {
  const auto point = text.find('.');
  return all(text.substr(0, point), is_digit) &&
         (point == std::string_view::npos || all(text.substr(point + 1), is_digit));
}
bool quantity(std::string_view text) {
  return text.size() <= 9 && all(text, is_digit) && text.front() != '0';
}
bool measure(std::string_view text) {
  return decimal(text) && text.find_first_of("123456789") != std::string_view::npos;
}
bool whole(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return text.size() <= 19 && all(text, is_digit);
}

}  // namespace

namespace forms {
const form anything{[](std::string_view) { return true; }, "text"};
const form not_empty{[](std::string_view t) { return !t.empty(); }, "not empty"};
const form email{sandbox::email, "an email address"};
const form plus_phone{[](std::string_view t) { return t.starts_with('+') && all(t.substr(1), is_digit); },
                      "\"+\" followed by digits"};
const form digits{[](std::string_view t) { return all(t, is_digit); }, "digits only"};
const form currency{[](std::string_view t) { return t.size() == 3 && all(t, is_capital); },
                    "an ISO 4217 code"};
const form web_address{sandbox::web_address, "an http or https URL"};
const form language{sandbox::language, "a language code"};
const form locale_list{sandbox::locale_list, "a locale"};
const form token_text{
    [](std::string_view t) { return all(t, [](char c) { return is_alphanumeric(c) || c == '-'; }); },
    "letters and digits"};
const form date{sandbox::date, "a date yyyy-MM-dd"};
const form date_time{[](std::string_view t) { return base::parse_rfc3339(t).has_value(); },
                     "a date-time with an offset"};
const form utc_millis{sandbox::utc_millis, "UTC with milliseconds, yyyy-MM-ddTHH:mm:ss.SSSZ"};
const form local_seconds{sandbox::local_seconds, "yyyy-MM-ddTHH:mm:ss"};
const form amount{sandbox::amount, plain_decimal};
const form decimal{sandbox::decimal, plain_decimal};
const form quantity{sandbox::quantity, "a whole number above zero, written in digits"};
const form measure{sandbox::measure, "a plain decimal above zero, without an exponent"};
const form whole{sandbox::whole, "a whole number, written in digits"};
const form plain_number{[](std::string_view t) { return t.find_first_of("eE") == std::string_view::npos; },
                        "a number without an exponent"};
const form zero_or_one{[](std::string_view t) { return t == "0" || t == "1"; }, "0 or 1"};
}  // namespace forms

bool is_uuid(std::string_view text) noexcept {
  if (text.size() != 36) return false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool dash = at == 8 || at == 13 || at == 18 || at == 23;
    if (dash ? text[at] != '-' : !is_hex(text[at])) return false;
  }
  return true;
}

bool is_sha256_hex(std::string_view text) noexcept {
  return text.size() == 64 && all(text, is_hex);
}

std::optional<std::string> base64_decode(std::string_view text) {
  static constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) {
    text.remove_suffix(1);
    ++padding;
  }
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const auto at = letters.find(c);
    if (at == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(at);
    held += 6;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>(bits >> held & 0xffU);
    }
  }
  return out;
}

}  // namespace cartrelay::sandbox
