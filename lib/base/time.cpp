#include "base/time.hpp"

#include "base/ascii.hpp"
#include "base/digits.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <ctime>

namespace cartrelay::base {
namespace {

using namespace std::chrono;

/// Takes exactly `digits` decimal digits off the front of `text`.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<sys_days> take_date(std::string_view& text) {
  const auto y = take_digits(text, 4);
  if (!y || !take(text, '-')) return std::nullopt;
  const auto m = take_digits(text, 2);
  if (!m || !take(text, '-')) return std::nullopt;
  const auto d = take_digits(text, 2);
  if (!d) return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  return sys_days{date};
}

std::optional<seconds> take_time(std::string_view& text) {
  const auto h = take_digits(text, 2);
  if (!h || *h > 23 || !take(text, ':')) return std::nullopt;
  const auto m = take_digits(text, 2);
  if (!m || *m > 59 || !take(text, ':')) return std::nullopt;
  const auto s = take_digits(text, 2);
  if (!s || *s > 60) return std::nullopt;  // 60: a leap second, counted into the next minute
  return hours{*h} + minutes{*m} + seconds{*s};
}

std::optional<microseconds> take_fraction(std::string_view& text) {
  if (!take(text, '.')) return microseconds{0};
  std::int64_t micros = 0;
  int digits = 0;
  while (!text.empty() && is_digit(text.front())) {
    if (digits < 6) micros = micros * 10 + (text.front() - '0');
    ++digits;
    text.remove_prefix(1);
  }
  if (digits == 0) return std::nullopt;
  for (; digits < 6; ++digits)
    micros *= 10;
  return microseconds{micros};
}

std::optional<minutes> take_offset(std::string_view& text) {
  if (take(text, 'Z') || take(text, 'z')) return minutes{0};
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const int sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  const auto h = take_digits(text, 2);
  if (!h || *h > 23 || !take(text, ':')) return std::nullopt;
  const auto m = take_digits(text, 2);
  if (!m || *m > 59) return std::nullopt;
  return sign * (hours{*h} + minutes{*m});
}

struct duration_unit {
  std::string_view name;
  std::int64_t millis;
};
constexpr std::array<duration_unit, 5> duration_units{
    {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::int64_t longest_duration_millis = 3'650LL * 86'400'000;  // ten years

std::optional<std::int64_t> unit_millis(std::string_view name) {
  for (const auto& unit : duration_units)
    if (unit.name == name) return unit.millis;
  return std::nullopt;
}

}  // namespace

std::optional<timestamp> parse_rfc3339(std::string_view text) {
  const auto date = take_date(text);
  if (!date) return std::nullopt;
  if (!take(text, 'T') && !take(text, 't')) return std::nullopt;
  const auto time = take_time(text);
  if (!time) return std::nullopt;
  const auto fraction = take_fraction(text);
  if (!fraction) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  const auto at = timestamp{*date + *time - *offset} + *fraction;
  const year_month_day in_utc{floor<days>(at)};
  // An offset, or a leap second, may lead out of the years that four digits can write.
  if (in_utc.year() < year{0} || in_utc.year() > year{9999}) return std::nullopt;
  return at;
}

std::string format_seconds(timestamp at) {
  const auto whole = floor<seconds>(at);
  const auto date = floor<days>(whole);
  const year_month_day ymd{date};
  const hh_mm_ss time{whole - date};
  std::string out;
  out.reserve(24);
  const int y = static_cast<int>(ymd.year());
  if (y >= 0 && y <= 9999)
    append_digits(out, y, 1000);
  else
    out += fmt::format("{:04}", y);
  append_digits(out += '-', static_cast<unsigned>(ymd.month()), 10);
  append_digits(out += '-', static_cast<unsigned>(ymd.day()), 10);
  append_digits(out += 'T', time.hours().count(), 10);
  append_digits(out += ':', time.minutes().count(), 10);
  append_digits(out += ':', time.seconds().count(), 10);
  return out;
}

std::string format_rfc3339_millis(timestamp at) {
  auto out = format_seconds(at);
  const auto whole = floor<milliseconds>(at);
  append_digits(out += '.', (whole - floor<seconds>(whole)).count(), 100);
  out += 'Z';
  return out;
}

std::string format_rfc3339_micros(timestamp at) {
  auto out = format_seconds(at);
  append_digits(out += '.', (at - floor<seconds>(at)).count(), 100'000);
  out += 'Z';
  return out;
}

std::optional<timestamp> parse_http_date(std::string_view text) {
  const std::string copy(text);
  for (const char* form :
       {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"}) {
    std::tm fields{};
    const char* end = ::strptime(copy.c_str(), form, &fields);
    if (end == nullptr || *end != '\0') continue;
    return timestamp{seconds{::timegm(&fields)}};
  }
  return std::nullopt;
}

std::string format_http_date(timestamp at) {
  static constexpr std::array<const char*, 7> day_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto date = floor<days>(at);
  const year_month_day ymd{date};
  const hh_mm_ss time{floor<seconds>(at - date)};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", day_names[weekday{date}.c_encoding()],
                     static_cast<unsigned>(ymd.day()), month_names[static_cast<unsigned>(ymd.month()) - 1],
                     static_cast<int>(ymd.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

std::int64_t to_micros(timestamp at) noexcept {
  return at.time_since_epoch().count();
}

timestamp from_micros(std::int64_t micros) noexcept {
  return timestamp{microseconds{micros}};
}

std::optional<milliseconds> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    std::int64_t count = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failure != std::errc{} || count < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const auto letters = std::min(text.find_first_of("0123456789"), text.size());
    const auto unit = unit_millis(text.substr(0, letters));
    if (!unit || count > longest_duration_millis / *unit) return std::nullopt;
    total += count * *unit;
    if (total > longest_duration_millis) return std::nullopt;
    text.remove_prefix(letters);
  }
  return milliseconds{total};
}

std::string format_duration(milliseconds span) {
  for (auto unit = duration_units.rbegin(); unit != duration_units.rend(); ++unit)
    if (span.count() != 0 && span.count() % unit->millis == 0)
      return fmt::format("{}{}", span.count() / unit->millis, unit->name);
  return "0s";
}

}  // namespace cartrelay::base
