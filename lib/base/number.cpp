#include "base/number.hpp"

#include "base/ascii.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace cartrelay::base {
namespace {

/// RFC 8259, section 6.
bool json_number_grammar(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const auto from = at;
    while (at < text.size() && is_digit(text[at]))
      ++at;
    return at - from;
  };
  if (at < text.size() && text[at] == '-') ++at;
  const auto integer_at = at;
  const auto integer_digits = digits();
  if (integer_digits == 0 || (integer_digits > 1 && text[integer_at] == '0')) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

/// value = (negative ? -1 : 1) × digits × 10^exponent, digits without leading or trailing zeros (zero: empty
/// digits).
struct parts {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
};

parts split(std::string_view text) {
  parts out;
  if (text.front() == '-') {
    out.negative = true;
    text.remove_prefix(1);
  }
  const auto mark = text.find_first_of("eE");
  if (mark != std::string_view::npos) {
    auto written = text.substr(mark + 1);
    if (written.front() == '+') written.remove_prefix(1);
    // An int, so that the digits behind the point can be counted off from the most negative one.
    int exponent = 0;
    std::from_chars(written.data(), written.data() + written.size(), exponent);
    out.exponent = exponent;
    text = text.substr(0, mark);
  }
  const auto point = text.find('.');
  out.digits = text.substr(0, point);
  if (point != std::string_view::npos) {
    out.digits += text.substr(point + 1);
    out.exponent -= static_cast<std::int64_t>(text.size() - point - 1);
  }
  out.digits.erase(0, std::min(out.digits.find_first_not_of('0'), out.digits.size()));
  while (!out.digits.empty() && out.digits.back() == '0') {
    out.digits.pop_back();
    ++out.exponent;
  }
  if (out.digits.empty()) out = parts{};
  return out;
}

/// How long join() makes it.
std::size_t joined_size(const parts& value) {
  if (value.digits.empty()) return 1;
  const auto digits = static_cast<std::int64_t>(value.digits.size());
  const auto fraction = std::max<std::int64_t>(-value.exponent, 0);
  const auto whole = std::max<std::int64_t>(digits + value.exponent, 1);
  return static_cast<std::size_t>(whole + (fraction > 0 ? fraction + 1 : 0)) + (value.negative ? 1 : 0);
}

/// Digits with a point, never an exponent.
std::string join(const parts& value) {
  if (value.digits.empty()) return "0";
  std::string out = value.negative ? "-" : "";
  if (value.exponent >= 0)
    return out + value.digits + std::string(static_cast<std::size_t>(value.exponent), '0');
  const auto fraction = static_cast<std::size_t>(-value.exponent);
  if (value.digits.size() > fraction) {
    out.append(value.digits, 0, value.digits.size() - fraction).append(".");
    return out.append(value.digits, value.digits.size() - fraction);
  }
  return out + "0." + std::string(fraction - value.digits.size(), '0') + value.digits;
}

/// Not too large for an IEEE double, and not so small that one would take it for zero. Bounds the length of a
/// product, too: forty characters can hold an exponent of billions.
bool finite(std::string_view text) {
  double value = 0;
  const auto outcome = std::from_chars(text.data(), text.data() + text.size(), value);
  if (outcome.ec == std::errc::result_out_of_range) return split(text).digits.empty();
  return std::isfinite(value) && (value != 0 || split(text).digits.empty());
}

}  // namespace

std::optional<number> number::parse(std::string_view text) {
  if (text.empty() || text.size() > max_length || !json_number_grammar(text) || !finite(text))
    return std::nullopt;
  return number(std::string(text));
}

std::string number::plain() const {
  if (text_.find_first_of("eE") == std::string::npos) return text_;
  const auto value = split(text_);
  return joined_size(value) <= longest_plain ? join(value) : text_;
}

std::string number::canonical() const {
  const auto value = split(text_);
  if (joined_size(value) <= longest_plain) return join(value);
  return (value.negative ? "-" : "") + value.digits + "e" + std::to_string(value.exponent);
}

bool number::is_positive() const {
  const auto value = split(text_);
  return !value.negative && !value.digits.empty();
}

std::string multiply(const decimal& price, const number& quantity) {
  using boost::multiprecision::cpp_int;
  const auto factor = split(quantity.text());
  if (factor.digits.empty()) return "0";
  const cpp_int product = cpp_int(price.ten_thousandths()) * cpp_int(factor.digits);
  parts value = split(product.str());
  value.negative = factor.negative;
  if (value.digits.empty()) return "0";
  value.exponent += factor.exponent - decimal::max_fraction_digits;
  return join(value);
}

}  // namespace cartrelay::base
