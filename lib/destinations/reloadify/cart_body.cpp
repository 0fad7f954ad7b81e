#include "destinations/reloadify/cart_body.hpp"

#include "base/json_writer.hpp"
#include "base/time.hpp"
#include "destinations/mapping.hpp"

#include <charconv>
#include <chrono>
#include <cstdint>

namespace cartrelay::destinations::reloadify {
namespace {

/// More than a 64-bit integer holds the vendor would round.
bool fits_integer(std::string_view number) {
  std::int64_t value = 0;
  const auto* past = number.data() + number.size();
  const auto [end, failure] = std::from_chars(number.data(), past, value);
  return failure == std::errc{} && end == past;
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto number = [&](std::size_t from, std::size_t count) {
    int value = 0;
    for (const char c : text.substr(from, count)) {
      if (c < '0' || c > '9') return -1;
      value = value * 10 + (c - '0');
    }
    return value;
  };
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  if (year < 0 || month < 1 || day < 1) return false;
  return std::chrono::year_month_day(std::chrono::year(year),
                                     std::chrono::month(static_cast<unsigned>(month)),
                                     std::chrono::day(static_cast<unsigned>(day)))
      .ok();
}

std::string_view member_for(std::string_view text) {
  if (is_date(text)) return "date_value";
  return base::parse_rfc3339(text) ? "datetime_value" : "string_value";
}

struct attribute_writer {
  base::json_writer& out;

  void operator()(std::string_view text) const { out.member(member_for(text), text); }
  void operator()(bool truth) const { out.member("boolean_value", truth); }
  void operator()(const base::number& number) const {
    const auto digits = number.canonical();
    if (fits_integer(digits))
      out.key("integer_value").raw(digits);
    else
      out.member("string_value", number.plain());
  }
  /// The vendor has no lists: one string, joined.
  template <class T>
  void operator()(const std::vector<T>& list) const {
    out.member("string_value", attribute_text(list));
  }
};

event::text written(const std::optional<event::moment>& at) {
  return at ? event::text(at->written) : event::text();
}

}  // namespace

std::string cart_body(const event::cart& cart, std::string_view profile_id) {
  std::string body;
  base::json_writer out(body);
  out.begin_object().key("shopping_cart").begin_object();
  out.member("id", cart.id).member("profile_id", profile_id);
  write_optional(out, "currency", cart.currency);
  if (cart.total) out.member("price", cart.total->text());
  write_optional(out, "recovery_url", cart.recovery_url);
  write_optional(out, "recovery_token", cart.recovery_token);
  write_optional(out, "created_at", written(cart.created_at));
  write_optional(out, "updated_at", written(cart.updated_at));
  if (!cart.attributes.empty()) {
    out.key("custom_attributes").begin_array();
    for (const auto& [name, value] : cart.attributes) {
      out.begin_object().member("name", name);
      std::visit(attribute_writer{out}, value);
      out.end_object();
    }
    out.end_array();
  }
  out.end_object().end_object();
  return body;
}

}  // namespace cartrelay::destinations::reloadify
