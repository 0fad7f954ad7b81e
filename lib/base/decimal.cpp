#include "base/decimal.hpp"

#include "base/digits.hpp"

namespace cartrelay::base {
namespace {

constexpr std::int64_t scale = 10'000;

bool all_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::int64_t to_integer(std::string_view digits) {
  std::int64_t value = 0;
  for (const char digit : digits)
    value = value * 10 + (digit - '0');
  return value;
}

}  // namespace

std::optional<decimal> decimal::parse(std::string_view text) {
  const auto point = text.find('.');
  const auto integer = text.substr(0, point);
  const auto fraction = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  if (integer.empty() || integer.size() > max_integer_digits || !all_digits(integer)) return std::nullopt;
  if (integer.size() > 1 && integer.front() == '0')
    return std::nullopt;  // not a JSON number, and never meant
  if (point != std::string_view::npos && fraction.empty()) return std::nullopt;
  if (fraction.size() > max_fraction_digits || !all_digits(fraction)) return std::nullopt;
  std::int64_t units = to_integer(integer) * scale;
  std::int64_t part = to_integer(fraction);
  for (auto digits = fraction.size(); digits < max_fraction_digits; ++digits)
    part *= 10;
  units += part;
  decimal value;
  value.units_ = units;
  value.fraction_digits_ = static_cast<std::uint8_t>(fraction.size());
  return value;
}

std::string decimal::text() const {
  auto out = std::to_string(units_ / scale);
  if (fraction_digits_ == 0) return out;
  out += '.';
  append_digits(out, units_ % scale, scale / 10);
  out.resize(out.size() - static_cast<std::size_t>(max_fraction_digits - fraction_digits_));
  return out;
}

}  // namespace cartrelay::base
