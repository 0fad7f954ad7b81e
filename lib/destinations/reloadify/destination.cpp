#include "destinations/reloadify/destination.hpp"

#include "destinations/mapping.hpp"
#include "destinations/reloadify/calls.hpp"
#include "destinations/reloadify/cart_delivery.hpp"
#include "destinations/reloadify/product_set.hpp"

#include <algorithm>

namespace cartrelay::destinations::reloadify {
namespace {

using event::event_type;

bool changes_cart(event_type type) {
  return type == event_type::cart_updated || type == event_type::cart_item_added ||
         type == event_type::cart_item_removed;
}

event::text cart_id(const event::event& what) {
  if (what.data.cart) return what.data.cart->id;
  return what.data.order ? what.data.order->cart_id : event::text();
}

screening check_change(const event::event& what) {
  if (!what.data.customer || !what.data.customer->id)
    return unmappable("/data/customer/id: Reloadify knows carts by it");
  if (what.data.item && !fits_path(what.data.item->vendor_id()))
    return unmappable("/data/item: its id cannot stand in a path");
  if (what.type != event_type::cart_updated) return {};
  const auto& items = *what.data.cart->items;
  if (!std::all_of(items.begin(), items.end(), [](const auto& item) { return fits_path(item.vendor_id()); }))
    return unmappable("/data/cart/items: an id cannot stand in a path");
  return {};
}

}  // namespace

screening cart_destination::screen(const event::event& what) const {
  const bool paid = what.type == event_type::order_paid;
  if (!paid && !event::is_cart(what.type)) return not_for_this_kind(what);
  if (paid && !where_.delete_cart_on_order_paid)
    return skip("cart_kept", "delete_cart_on_order_paid is off, so a paid order changes nothing here");
  const auto cart = cart_id(what);
  if (!cart) return skip("no_cart", "/data/order/cart_id: absent, so there is no cart to delete");
  if (!fits_path(*cart))
    return unmappable(paid ? "/data/order/cart_id: cannot stand in a path"
                           : "/data/cart/id: cannot stand in a path");
  if (languages_of(what).empty())
    return unmappable("/data/session/language: none of the setting `languages`, and there is no `language`");
  return changes_cart(what.type) ? check_change(what) : screening();
}

std::vector<std::string> cart_destination::order_keys(const event::event& what) const {
  if (const auto cart = cart_id(what)) return {cart_key(*cart)};
  return {what.data.order ? order_key(*what.data.order) : lone_key(what)};
}

bool cart_destination::supersedes(const event::event& what) const {
  return what.type == event_type::cart_updated;
}

std::string cart_destination::cart_place(const event::event& what) const {
  return where_.languages.of(what).value_or(std::string());
}

std::vector<std::string> cart_destination::memory_keys(const event::event& what) const {
  std::vector<std::string> out;
  const auto cart = cart_id(what);
  if (!cart) return out;
  for (const auto& language : languages_of(what))
    out.push_back(memory_key(language, *cart));
  return out;
}

std::unique_ptr<delivery> cart_destination::begin(std::vector<delivery_event> events, memory known) {
  auto what = std::move(events.front().what);
  auto where = languages_of(*what);
  if (const auto named = where_.languages.named(*what))
    std::erase_if(where, [&](const std::string& one) {
      return one != *named && !known.contains(memory_key(one, *cart_id(*what)));
    });
  auto use = uses_.begin(std::string(*cart_id(*what)));
  return std::make_unique<cart_delivery>(cart_work(std::move(what), where_.url, where, known, std::move(use)),
                                         tokens_);
}

/// Where the cart is put; or, if it is to go, wherever it can have been put.
std::vector<std::string> cart_destination::languages_of(const event::event& what) const {
  if (!changes_cart(what.type)) return where_.languages.all();
  const auto one = where_.languages.of(what);
  return one ? std::vector{*one} : std::vector<std::string>{};
}

}  // namespace cartrelay::destinations::reloadify
