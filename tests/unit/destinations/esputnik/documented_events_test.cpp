// The vendor's documentation shows the body of an event for each type: the same come from the events of a
// shop. They are compared as JSON values, those inside strings too, since the documentation escapes slashes
// and we need not.
#include "shop.hpp"

#include <gtest/gtest.h>

namespace cartrelay::destinations::esputnik::test {
namespace {

namespace json = boost::json;

/// A value whose strings that hold objects or lists are replaced by these.
json::value unfolded(const json::value& value) {
  if (const auto* text = value.if_string(); text && (text->starts_with('{') || text->starts_with('[')))
    return unfolded(json::parse(*text));
  if (const auto* list = value.if_array()) {
    json::array out;
    for (const auto& one : *list)
      out.push_back(unfolded(one));
    return out;
  }
  if (const auto* object = value.if_object()) {
    json::object out;
    for (const auto& [name, one] : *object)
      out.emplace(name, unfolded(one));
    return out;
  }
  return value;
}

std::string shown(std::string_view body) {
  return json::serialize(unfolded(json::parse({body.data(), body.size()})));
}

/// The documented body with the `currency` that every order of ours has and the documentation leaves out.
std::string with_currency(std::string_view body) {
  auto value = json::parse({body.data(), body.size()});
  value.at("params").as_array().push_back({{"name", "currency"}, {"value", "UAH"}});
  return json::serialize(value);
}

constexpr auto device = R"({"product_id":"200600","name":"Super Device","category":"devices","quantity":1,
    "unit_price":990,"url":"http://example.com/item/200600","image_url":"http://example.com/item/200600/image.png",
    "description":"High quality"})";

event::event_ptr created() {
  return make_event("order.created", fmt::format(R"({{"customer":{{"id":"AV13760","phone":"+380501234567"}},
      "order":{{"id":"12345679","currency":"UAH","total":"258.0","placed_at":"2020-05-14T10:11:00Z","items":[{}]}}}})",
                                                 device));
}

constexpr auto documented_order = R"({
"eventTypeKey": "orderCreated",
"keyValue": "380501234567",
"params": [{
"name": "phone",
"value": "380501234567"
}, {
"name": "externalOrderId",
"value": "12345679"
}, {
"name": "externalCustomerId",
"value": "AV13760"
}, {
"name": "totalCost",
"value": "258.0"
}, {
"name": "status",
"value": "INITIALIZED"
}, {
"name": "date",
"value": "2020-05-14T10:11:00"
}, {
"name": "items",
"value": "[{\"externalItemId\":\"200600\",\"name\":\"Super Device\",\"category\":\"devices\",\"quantity\":1,\"cost\":990,\"url\":\"http:\/\/example.com\/item\/200600\",\"imageUrl\":\"http:\/\/example.com\/item\/200600\/image.png\",\"description\":\"High quality\"}]"
}]
})";

constexpr auto documented_order_with_products = R"({
"eventTypeKey": "orderCreated",
"keyValue": "380501234567",
"params": [{
"name": "phone",
"value": "380501234567"
}, {
"name": "externalOrderId",
"value": "12345679"
}, {
"name": "externalCustomerId",
"value": "AV13760"
}, {
"name": "totalCost",
"value": "258.0"
}, {
"name": "status",
"value": "INITIALIZED"
}, {
"name": "date",
"value": "2020-05-14T10:11:00"
}, {
"name": "items",
"value": "[{\"externalItemId\":\"200600\",\"name\":\"Super Device\",\"category\":\"devices\",\"quantity\":1,\"cost\":990,\"url\":\"http:\/\/example.com\/item\/200600\",\"imageUrl\":\"http:\/\/example.com\/item\/200600\/image.png\",\"description\":\"High quality\"}]"
},
{
"name": "products",
"value": "{\"array\":[{\"externalItemId\":\"200600\",\"name\":\"Super Device\",\"category\":\"devices\",\"quantity\":1,\"cost\":990,\"url\":\"http:\/\/example.com\/item\/200600\",\"imageUrl\":\"http:\/\/example.com\/item\/200600\/image.png\",\"description\":\"High quality\"}]}"
}]
})";

TEST(documented_events, order_created) {
  EXPECT_EQ(shown(body_of(created(), {{"products_param", false}})), shown(with_currency(documented_order)));
}

TEST(documented_events, order_created_with_products) {
  EXPECT_EQ(shown(body_of(created())), shown(with_currency(documented_order_with_products)));
}

/// A view of somebody with an email address and a phone. The documentation's phones of views lack the country
/// code's form now and then; ours are E.164 without the plus.
event::event_ptr view(std::string_view type, std::string_view phone, std::string_view what) {
  return make_event(
      type, fmt::format(R"({{"customer":{{"email":"example@email.com","phone":"+{}"}},{}}})", phone, what));
}

TEST(documented_events, page_viewed) {
  EXPECT_EQ(shown(body_of(view("page.viewed", "380501234567", R"("page":{"url":"https://example.com"})"))),
            shown(R"({
"eventTypeKey": "pageViewed",
"keyValue": "example@email.com",
"params": [
{
"name": "phone",
"value": "380501234567"
},
{
"name": "email",
"value": "example@email.com"
},
{
"name": "page",
"value": "{\"location\":\"https://example.com\"}"
}
]
})"));
}

TEST(documented_events, product_viewed) {
  // The documented `product` ends in a stray `]}`, so it is no JSON; here it stands without that.
  const auto what = view("product.viewed", "411786452", R"("product":{"product_id":"WS01-L-Green",
      "unit_price":45.5,"currency":"USD","in_stock":true,"attributes":{"someProductProperty":["green"]}})");
  EXPECT_EQ(shown(body_of(what)), shown(R"({
"eventTypeKey": "productViewed",
"keyValue": "example@email.com",
"params": [
{
"name": "phone",
"value": "411786452"
},
{
"name": "email",
"value": "example@email.com"
},
{
"name": "product",
"value": "{\"productId\":\"WS01-L-Green\",\"price\":45.5,\"isInStock\":1,\"someProductProperty\":[\"green\"]}"
},
{
"name": "currencyCode",
"value": "USD"
}
]
})"));
}

TEST(documented_events, category_viewed) {
  EXPECT_EQ(shown(body_of(view("category.viewed", "7411324763", R"("category":{"id":"Mugs"})"))), shown(R"({
"eventTypeKey": "productCategoryViewed",
"keyValue": "example@email.com",
"params": [
{
"name": "phone",
"value": "7411324763"
},
{
"name": "email",
"value": "example@email.com"
},
{
"name": "category",
"value": "{\"productCategoryId\":\"Mugs\"}"
}
]
})"));
}

TEST(documented_events, cart_updated) {
  const auto what = view("cart.updated", "73456712", R"("cart":{"id":"k-1","currency":"USD",
      "items":[{"product_id":"WS01","variant_id":"WS01-L-Green","quantity":1,"unit_price":45.5}],
      "refs":{"esputnik":{"recycle_state_id":"d59c6e6d-4123-4b0e-8c32-15f0656a8c60"}}})");
  EXPECT_EQ(shown(body_of(what)), shown(R"({
"eventTypeKey": "cartUpdated",
"keyValue": "example@email.com",
"params": [
{
"name": "phone",
"value": "73456712"
},
{
"name": "email",
"value": "example@email.com"
},
{
"name": "products",
"value": "[{\"productId\":\"WS01-L-Green\",\"quantity\":1,\"price\":45.5}]"
},
{
"name": "currencyCode",
"value": "USD"
},
{
"name": "recycleStateId",
"value": "d59c6e6d-4123-4b0e-8c32-15f0656a8c60"
}
]
})"));
}

}  // namespace
}  // namespace cartrelay::destinations::esputnik::test
