#include "destinations/releva/cart.hpp"

#include "base/json_writer.hpp"
#include "base/time.hpp"
#include "destinations/mapping.hpp"

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

using entries = std::vector<const event::attributes::value_type*>;

void write_list(base::json_writer& out, std::string_view name, const entries& list) {
  if (list.empty()) return;
  out.key(name).begin_array();
  for (const auto* entry : list) {
    out.begin_object().member("key", entry->first).key("values").begin_array();
    std::visit([&](const auto& held) { write_values(out, held); }, entry->second);
    out.end_array().end_object();
  }
  out.end_array();
}

void write_custom(base::json_writer& out, const event::attributes& from) {
  entries texts, numbers;
  for (const auto& entry : from)
    if (!is_empty(entry.second)) (is_numeric(entry.second) ? numbers : texts).push_back(&entry);
  if (texts.empty() && numbers.empty()) return;
  out.key("custom").begin_object();
  write_list(out, "string", texts);
  write_list(out, "numeric", numbers);
  out.end_object();
}

void write_products(base::json_writer& out, const std::vector<event::item>& items,
                    const event::text& currency) {
  out.key("products").begin_array();
  for (const auto& item : items) {
    out.begin_object().member("id", item.vendor_id());
    if (item.unit_price) out.member("price", *item.unit_price);
    if (const auto& own = item.currency ? item.currency : currency) out.member("currency", *own);
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

std::string cart_json(const event::event& what) {
  std::string json;
  base::json_writer out(json);
  out.begin_object();
  if (const auto& customer = what.data.customer) {
    if (customer->email) out.member("email", *customer->email);
    if (customer->phone) out.member("phoneNumber", *customer->phone);
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
  return json;
}

}  // namespace cartrelay::destinations::releva
