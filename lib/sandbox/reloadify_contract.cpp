#include "sandbox/reloadify_contract.hpp"

#include <charconv>

namespace cartrelay::sandbox {
namespace {

constexpr std::uint64_t most_per_page = 250;

void check_attribute(const value& what, std::string where, violations& found) {
  shape attribute(what, std::move(where), found);
  attribute.string("name", need::required);
  attribute.string("string_value", need::optional, forms::anything);
  attribute.number("integer_value", need::optional, forms::whole);
  attribute.string("date_value", need::optional, forms::date);
  attribute.string("datetime_value", need::optional, forms::date_time);
  attribute.boolean("boolean_value", need::optional);
  attribute.nothing_else();
  if (what.is(value::kind::object) && what.find("name") != nullptr && what.members.size() != 2) {
    attribute.note("", "must have a name and exactly one value");
  }
}

void check_number(const std::string& text, std::uint64_t most, std::uint64_t& target, const std::string& name,
                  violations& found) {
  std::uint64_t parsed = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), parsed);
  if (failed != std::errc{} || end != text.data() + text.size() || parsed == 0 || parsed > most) {
    found.push_back({name, "must be a whole number from 1 to " + std::to_string(most), text});
    return;
  }
  target = parsed;
}

}  // namespace

const value* check_shopping_cart(const value& body, violations& found) {
  shape top(body, "", found);
  const value* inner = top.object("shopping_cart", need::required);
  top.nothing_else();
  if (inner == nullptr) return nullptr;
  shape cart(*inner, "shopping_cart", found);
  cart.string("id", need::required);
  cart.string("profile_id", need::required);
  cart.string("currency", need::optional, forms::currency);
  cart.string("price", need::optional, forms::amount);
  cart.string("recovery_url", need::optional, forms::web_address);
  cart.string("recovery_token", need::optional);
  cart.string("created_at", need::optional, forms::date_time);
  cart.string("updated_at", need::optional, forms::date_time);
  if (const value* attributes = cart.array("custom_attributes", need::optional)) {
    for (std::size_t i = 0; i < attributes->elements.size(); ++i) {
      check_attribute(attributes->elements[i], element_path(cart.path("custom_attributes"), i), found);
    }
  }
  cart.nothing_else();
  return inner;
}

bool cart_query::wants(base::timestamp created, base::timestamp updated) const {
  return (!created_after || created > *created_after) && (!created_before || created < *created_before) &&
         (!updated_after || updated > *updated_after) && (!updated_before || updated < *updated_before);
}

cart_query check_cart_query(const http::request& request, violations& found) {
  cart_query wanted;
  const auto pairs = http::parse_query(request.query());
  if (!pairs) {
    found.push_back({"query", "is malformed", {}});
    return wanted;
  }
  for (const auto& [name, text] : *pairs) {
    std::optional<base::timestamp>* limit = nullptr;
    if (name == "page") {
      check_number(text, 1'000'000'000, wanted.page, name, found);
      continue;
    }
    if (name == "per_page") {
      check_number(text, most_per_page, wanted.per_page, name, found);
      continue;
    }
    if (name == "created_after") limit = &wanted.created_after;
    if (name == "created_before") limit = &wanted.created_before;
    if (name == "updated_after") limit = &wanted.updated_after;
    if (name == "updated_before") limit = &wanted.updated_before;
    if (limit == nullptr) {
      found.push_back({name, "is not known here", text});
      continue;
    }
    *limit = base::parse_rfc3339(text);
    if (!*limit) found.push_back({name, "must be a date-time with an offset", text});
  }
  return wanted;
}

}  // namespace cartrelay::sandbox
