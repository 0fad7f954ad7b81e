#include "destinations/esputnik/order_params.hpp"

#include "destinations/mapping.hpp"

#include <algorithm>
#include <array>

namespace cartrelay::destinations::esputnik {
namespace {

using event::event_type;

constexpr std::array<std::string_view, 5> statuses{"INITIALIZED", "IN_PROGRESS", "DELIVERED", "CANCELLED",
                                                   "ABANDONED_SHOPPING_CART"};
constexpr std::array<std::string_view, 5> required_in_created{"externalOrderId", "externalCustomerId",
                                                              "totalCost", "status", "date"};

/// The shop's word where it is one of the vendor's.
std::string_view status_of(event_type type, const event::order& order) {
  if (order.status && std::find(statuses.begin(), statuses.end(), *order.status) != statuses.end())
    return *order.status;
  switch (type) {
    case event_type::order_created:
      return "INITIALIZED";
    case event_type::order_delivered:
      return "DELIVERED";
    case event_type::order_cancelled:
      return "CANCELLED";
    default:
      return "IN_PROGRESS";
  }
}

/// An order without a date of its own was placed when its event occurred.
std::string date_of(const event::event& what, const local_time& dates) {
  const auto& placed_at = what.data.order->placed_at;
  return dates.format(placed_at ? placed_at->at : what.occurred_at());
}

/// Its own, else the one that its items name. Nothing where they name several.
event::text currency_of(const event::order& order) {
  if (order.currency || !order.items) return order.currency;
  event::text found;
  for (const auto& item : *order.items) {
    if (found && item.currency && item.currency != found) return {};
    if (item.currency) found = item.currency;
  }
  return found;
}

/// The vendor takes it for one in the order's currency.
event::money cost_of(const event::item& item, event::text currency) {
  const bool differs = item.currency && item.currency != currency;
  return differs ? std::nullopt : item.unit_price;
}

void write_items(base::json_writer& out, const event::order& order, event::text currency) {
  out.begin_array();
  for (const auto& item : *order.items)
    product_object(out)
        .member("externalItemId", item.vendor_id())
        .member("name", item.name)
        .member("category", item.category)
        .number("quantity", quantity_text(item))
        .member("cost", cost_of(item, currency))
        .member("url", item.url)
        .member("imageUrl", item.image_url)
        .member("description", item.description);
  out.end_array();
}

void add_items(params& out, const event::order& order, event::text currency, bool products_param) {
  constexpr std::string_view opening = R"({"array":)", closing = "}";
  constexpr std::size_t usual = 256;  // of an item
  std::string text(opening);
  if (order.items) {
    text.reserve(opening.size() + order.items->size() * usual);
    base::json_writer writer(text);
    write_items(writer, order, currency);
  }
  out.add("items", event::text(std::string_view(text).substr(opening.size())));
  text += closing;
  out.add("products", order.items && products_param ? event::text(text) : event::text());
}

/// What an order must not lack.
void add_facts(params& out, const event::event& what, const identity& who, const order_rules& rules) {
  const auto& order = *what.data.order;
  out.add("externalOrderId", order.id);
  out.add("externalCustomerId", who.external_customer_id());
  out.add("totalCost", order.total);
  out.add("status", status_of(what.type, order));
  const auto date = date_of(what, rules.dates);
  out.add("date", event::text(date));
}

}  // namespace

void add_order(params& out, const event::event& what, const identity& who, const order_rules& rules) {
  const auto& order = *what.data.order;
  add_facts(out, what, who, rules);
  const auto currency = currency_of(order);
  add_items(out, order, currency, rules.products_param);
  out.add("currency", currency);
  out.add("shipping", order.shipping);
  out.add("discount", order.discount);
  out.add("taxes", order.taxes);
  out.add("deliveryMethod", order.delivery_method);
  out.add("paymentMethod", order.payment_method);
  out.add("deliveryAddress", order.delivery_address);
  out.add("restoreUrl", order.restore_url);
  out.add(order.attributes);
}

std::string_view missing_in_created(const event::event& what, const identity& who, const order_rules& rules) {
  std::string unsent;
  base::json_writer writer(unsent);
  params facts(writer);
  add_facts(facts, what, who, rules);
  for (const auto name : required_in_created)
    if (!facts.has(name)) return name;
  return {};
}

}  // namespace cartrelay::destinations::esputnik
