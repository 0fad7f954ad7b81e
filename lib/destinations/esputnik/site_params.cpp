#include "destinations/esputnik/site_params.hpp"

#include "base/uuid.hpp"
#include "destinations/mapping.hpp"

#include <algorithm>
#include <optional>

namespace cartrelay::destinations::esputnik {
namespace {

std::string one_member(std::string_view name, std::string_view value) {
  std::string text;
  base::json_writer(text).begin_object().member(name, value).end_object();
  return text;
}

/// The vendor's page also has a quantity, which a product that is looked at lacks.
std::string product_json(const event::item& product) {
  std::string text;
  base::json_writer out(text);
  std::optional<int> in_stock;
  if (product.in_stock) in_stock = *product.in_stock ? 1 : 0;
  product_object(out)
      .member("productId", product.vendor_id())
      .without("quantity")
      .member("price", product.unit_price)
      .member("isInStock", in_stock)
      .attributes(product.attributes);
  return text;
}

/// The discount is text, the price a number: so the vendor has it. Whether a product is in stock it is told
/// with views alone.
std::string products_json(const std::vector<event::item>& items) {
  constexpr std::size_t usual = 192;  // of an item
  std::string text;
  text.reserve(items.size() * usual);
  base::json_writer out(text);
  out.begin_array();
  for (const auto& item : items) {
    std::optional<std::string> discount;
    if (item.discount) discount = item.discount->text();
    product_object(out)
        .member("productId", item.vendor_id())
        .number("quantity", quantity_text(item))
        .member("price", item.unit_price)
        .member("name", item.name)
        .member("category", item.category)
        .member("discount", discount)
        .without("isInStock")
        .attributes(item.attributes);
  }
  out.end_array();
  return text;
}

event::text currency_of(const event::item& item, const event::cart& cart) {
  return item.currency ? item.currency : cart.currency;
}

/// Ties the states of a cart together, and to the purchase it ends in.
std::string recycle_state_id(const event::event& what) {
  const auto& cart = *what.data.cart;
  for (const auto given :
       {event::find_ref(cart.refs, "esputnik", "recycle_state_id"), what.ref("esputnik", "recycle_state_id")})
    if (given && !given->empty()) return std::string(*given);
  return base::uuid_v5(cart.id);
}

}  // namespace

event::text currency_of(const event::cart& cart) {
  if (cart.items)
    for (const auto& item : *cart.items)
      if (const auto found = currency_of(item, cart)) return found;
  return cart.currency;
}

bool has_several_currencies(const event::cart& cart) {
  const auto one = currency_of(cart);
  return cart.items && std::any_of(cart.items->begin(), cart.items->end(), [&](const event::item& item) {
           const auto own = currency_of(item, cart);
           return own && own != one;
         });
}

void add_page(params& out, const event::page& page) {
  out.add("page", std::string_view(one_member("location", page.url)));
}

void add_category(params& out, const event::category& category) {
  out.add("category", std::string_view(one_member("productCategoryId", category.id)));
}

void add_product(params& out, const event::item& product) {
  out.add("product", std::string_view(product_json(product)));
  out.add("currencyCode", product.currency);
}

void add_cart(params& out, const event::event& what, bool emptied) {
  const auto& cart = *what.data.cart;
  if (!emptied && cart.items && !cart.items->empty())
    out.add("products", std::string_view(products_json(*cart.items)));
  out.add("currencyCode", emptied ? cart.currency : currency_of(cart));
  out.add("recycleStateId", std::string_view(recycle_state_id(what)));
}

}  // namespace cartrelay::destinations::esputnik
