#include "destinations/releva/cart.hpp"

#include "base/json_writer.hpp"
#include "base/time.hpp"
#include "destinations/mapping.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace cartrelay::destinations::releva {
namespace {

void write_values(base::json_writer& out, std::string_view value) {
  out.value(value);
}
void write_values(base::json_writer& out, const base::number& value) {
  out.raw(value.plain());
}
void write_values(base::json_writer& out, bool value) {
  out.value(value ? "true" : "false");
}
template <class T>
void write_values(base::json_writer& out, const std::vector<T>& values) {
  for (const auto& value : values)
    write_values(out, value);
}

bool is_numeric(const event::attribute_value& value) {
  return std::holds_alternative<base::number>(value) ||
         std::holds_alternative<std::vector<base::number>>(value);
}

bool is_empty(const event::attribute_value& value) {
  const auto* texts = std::get_if<std::vector<std::string_view>>(&value);
  const auto* numbers = std::get_if<std::vector<base::number>>(&value);
  return (texts != nullptr && texts->empty()) || (numbers != nullptr && numbers->empty());
}

/// Those of the attributes that are numbers, or those that are not.
void write_list(base::json_writer& out, std::string_view name, const event::attributes& from, bool numbers) {
  bool begun = false;
  for (const auto& [key, value] : from) {
    if (is_empty(value) || is_numeric(value) != numbers) continue;
    if (!begun) out.key(name).begin_array();
    begun = true;
    out.begin_object().member("key", key).key("values").begin_array();
    std::visit([&](const auto& held) { write_values(out, held); }, value);
    out.end_array().end_object();
  }
  if (begun) out.end_array();
}

void write_custom(base::json_writer& out, const event::attributes& from) {
  if (std::all_of(from.begin(), from.end(), [](const auto& entry) { return is_empty(entry.second); })) return;
  out.key("custom").begin_object();
  write_list(out, "string", from, false);
  write_list(out, "numeric", from, true);
  out.end_object();
}

void write_products(base::json_writer& out, const std::vector<event::item>& items,
                    const event::text& currency) {
  out.key("products").begin_array();
  for (const auto& item : items) {
    out.begin_object().member("id", item.vendor_id());
    if (item.unit_price) out.member("price", *item.unit_price);
    write_optional(out, "currency", item.currency ? item.currency : currency);
    out.key("quantity").raw(quantity_text(item));
    write_custom(out, item.attributes);
    out.end_object();
  }
  out.end_array();
}

/// Orders and carts alike.
template <class Basket>
void write_basket(base::json_writer& out, const Basket& from) {
  static const std::vector<event::item> none;
  write_products(out, from.items ? *from.items : none, from.currency);
  write_custom(out, from.attributes);
}

}  // namespace

void append_cart(std::string& json, const event::event& what) {
  base::json_writer out(json);
  out.begin_object();
  if (const auto& customer = what.data.customer) {
    write_optional(out, "email", customer->email);
    write_optional(out, "phoneNumber", customer->phone);
  }
  auto at = what.occurred_at();
  if (const auto& order = what.data.order) {
    out.member("orderId", order->id).member("cartPaid", true);
    write_basket(out, *order);
    if (order->placed_at) at = order->placed_at->at;
  } else {
    out.member("cartPaid", false);
    write_basket(out, *what.data.cart);
  }
  out.member("timestamp", base::format_rfc3339_millis(at)).end_object();
}

}  // namespace cartrelay::destinations::releva
