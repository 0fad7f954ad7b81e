#include "destinations/rokt/confirmation_body.hpp"

#include "base/json_writer.hpp"
#include "base/number.hpp"
#include "destinations/mapping.hpp"

namespace cartrelay::destinations::rokt {
namespace {

void write_item(base::json_writer& out, const event::order& of, const reservation& one) {
  const auto& item = *one.item;
  out.begin_object().member("cartItemId", *one.cart_item_id);
  write_optional(out, "catalogItemId", one.catalog_item_id);
  out.key("quantity").raw(quantity_text(item));
  write_optional(out, "currency", item.currency ? item.currency : of.currency);
  if (item.unit_price) {
    out.member("unitPrice", *item.unit_price);
    out.key("totalPrice").raw(base::multiply(*item.unit_price, item.quantity));
  }
  out.member("itemReservationId", *one.reservation_id).end_object();
}

}  // namespace

std::string body(const event::order& of, const std::vector<reservation>& items) {
  std::string json;
  base::json_writer out(json);
  out.begin_object().member("cartId", of.cart_id ? *of.cart_id : of.id).member("orderId", of.id);
  out.key("items").begin_array();
  for (const auto& one : items)
    write_item(out, of, one);
  out.end_array();
  write_optional(out, "payPalOrderId", event::find_ref(of.refs, "rokt", "paypal_order_id"));
  write_optional(out, "merchantId", event::find_ref(of.refs, "rokt", "merchant_id"));
  if (!of.attributes.empty()) {
    out.key("attributes").begin_object();
    for (const auto& [name, value] : of.attributes)
      out.member(name, attribute_text(value));
    out.end_object();
  }
  out.end_object();
  return json;
}

}  // namespace cartrelay::destinations::rokt
