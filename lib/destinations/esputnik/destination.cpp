#include "destinations/esputnik/destination.hpp"

#include "base/base64.hpp"
#include "destinations/esputnik/contact_delivery.hpp"
#include "destinations/esputnik/contact_import.hpp"
#include "destinations/esputnik/site_params.hpp"
#include "destinations/mapping.hpp"
#include "destinations/settings.hpp"
#include "destinations/single_request.hpp"

#include <fmt/format.h>

#include <utility>

namespace cartrelay::destinations::esputnik {
namespace {

using event::event_type;

std::string_view type_key(event_type type) {
  switch (type) {
    case event_type::page_viewed:
      return "pageViewed";
    case event_type::category_viewed:
      return "productCategoryViewed";
    case event_type::product_viewed:
      return "productViewed";
    case event_type::cart_item_added:
    case event_type::cart_item_removed:
    case event_type::cart_updated:
    case event_type::cart_deleted:
      return "cartUpdated";
    case event_type::order_created:
      return "orderCreated";
    case event_type::order_updated:
    case event_type::order_paid:
      return "orderUpdated";
    case event_type::order_delivered:
      return "orderDelivered";
    case event_type::order_cancelled:
      return "orderCancelled";
  }
  return {};
}

/// Whether it holds the whole cart: what the vendor wants is its state, never a change.
bool is_snapshot(const event::event& what) {
  return event::is_cart(what.type) && what.type != event_type::cart_deleted && what.data.cart->items;
}

/// A product without price is none to the vendor, which refuses the whole cart for it.
screening check_prices(const event::cart& cart) {
  const auto& items = *cart.items;
  for (std::size_t index = 0; index < items.size(); ++index)
    if (!items[index].unit_price)
      return unmappable(
          fmt::format("/data/cart/items/{}/unit_price: eSputnik needs the price of each product", index));
  if (has_several_currencies(cart))
    return unmappable("/data/cart/items: prices in several currencies, and eSputnik takes one for a cart");
  return {};
}

}  // namespace

contact_destination::contact_destination(account where)
    : where_(std::move(where)),
      event_url_(join_url(where_.url, "/v1/event")),
      contacts_url_(join_url(where_.url, "/v1/contacts")),
      hidden_{where_.api_key, base::secret(base::base64_encode("cartrelay:" + where_.api_key.reveal()))} {}

screening contact_destination::screen(const event::event& what) const {
  if (type_key(what.type).empty()) return not_for_this_kind(what);
  if (event::is_cart(what.type) && what.type != event_type::cart_deleted && !is_snapshot(what))
    return skip("no_snapshot", "/data/cart/items: absent, and eSputnik takes whole carts only");
  const auto who = identify(what);
  if (!who) return unmappable("/data/customer: an email, a phone or an id is needed");
  if (is_snapshot(what)) return check_prices(*what.data.cart);
  if (what.type != event_type::order_created) return {};
  const auto missing = missing_in_created(what, *who, where_.orders);
  if (!missing.empty()) return unmappable("orderCreated would be ignored without " + std::string(missing));
  return {};
}

std::vector<std::string> contact_destination::order_keys(const event::event& what) const {
  if (what.data.order) {
    std::vector out{order_key(*what.data.order)};
    if (what.data.order->cart_id) out.push_back(cart_key(*what.data.order->cart_id));
    return out;
  }
  if (what.data.cart) return {cart_key(what.data.cart->id)};
  const auto who = identify(what);
  return {who ? std::string("contact:").append(who->key_value()) : lone_key(what)};
}

bool contact_destination::supersedes(const event::event& what) const {
  return is_snapshot(what);
}

std::vector<std::string> contact_destination::memory_keys(const event::event& what) const {
  const auto who = identify(what);
  if (!who || !imports(what, *who)) return {};
  return {import_key(*who)};
}

std::vector<std::string> contact_destination::memory_of(const event::customer& who) const {
  const auto known = identify(who);
  if (!known) return {};
  return {import_key(*known)};
}

std::unique_ptr<delivery> contact_destination::begin(std::vector<delivery_event> events, memory known) {
  const auto& what = *events.front().what;
  const auto who = *identify(what);
  std::optional<contact_delivery::import_call> import;
  if (imports(what, who))
    if (auto key = import_key(who); !known.contains(key))
      import = {post(contacts_url_, import_body(what, who)), std::move(key)};
  return std::make_unique<contact_delivery>(std::move(import), post(event_url_, event_body(what, who)),
                                            hidden_);
}

void contact_destination::add_params(params& out, const event::event& what, const identity& who) const {
  const auto& data = what.data;
  if (!who.phone.empty()) out.add("phone", std::string_view(who.phone));
  out.add("email", who.email);
  if (data.order) return add_order(out, what, who, where_.orders);
  out.add("externalCustomerId", who.id);
  if (data.page) add_page(out, *data.page);
  if (data.category) add_category(out, *data.category);
  if (data.product) add_product(out, *data.product);
  if (data.cart) add_cart(out, what, what.type == event_type::cart_deleted);
}

std::string contact_destination::event_body(const event::event& what, const identity& who) const {
  std::string body;
  body.reserve(2 * what.json.size());  // the items may go twice
  base::json_writer out(body);
  out.begin_object().member("eventTypeKey", type_key(what.type)).member("keyValue", who.key_value());
  out.key("params");
  {
    params all(out);
    add_params(all, what, who);
  }
  out.end_object();
  return body;
}

bool contact_destination::imports(const event::event& what, const identity& who) const {
  return where_.import_contacts && needs_import(what, who);
}

http::request contact_destination::post(const std::string& url, std::string body) const {
  auto out = json_request("POST", url, std::move(body));
  out.headers.add("Authorization", "Basic " + hidden_.back().reveal());
  return out;
}

}  // namespace cartrelay::destinations::esputnik
