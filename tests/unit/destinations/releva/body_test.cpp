#include "destinations/releva/cart.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

namespace cartrelay::destinations {
namespace {

using test::compact;
using test::make_event;

std::string cart_of(std::string_view type, std::string_view data, std::string_view envelope = {}) {
  std::string json;
  releva::append_cart(json, *make_event(type, data, envelope));
  return json;
}

/// An order's cart whose only product has these members.
std::string product_cart(std::string_view item_members) {
  return cart_of("order.paid",
                 fmt::format(R"({{"customer":{{"email":"a@b.bg"}},"order":{{"id":"o","currency":"EUR",
    "total":"1","items":[{{"product_id":"p","unit_price":"1"{}}}]}}}})",
                             item_members));
}

std::string with_attributes(std::string_view attributes) {
  return cart_of("order.paid",
                 fmt::format(R"({{"customer":{{"email":"a@b.bg"}},"order":{{"id":"o","currency":"EUR",
    "total":"1","items":[],"attributes":{}}}}})",
                             attributes));
}

// The vendor's sample, with the brackets that it lacks put in. Its phone number is one digit too short for a
// canonical event, its empty email stands for one that is not known, and its date is a pattern.
TEST(releva_body, is_the_vendors_sample) {
  const auto body = cart_of("order.paid", R"({
    "customer": {"phone": "+35912345"},
    "order": {
      "id": "orderId1", "currency": "BGN", "total": "20", "placed_at": "2026-11-21T00:00:00Z",
      "items": [{"product_id": "1", "quantity": 2, "unit_price": 10,
                 "attributes": {"color": ["red"], "size": [18]}}],
      "attributes": {"city": "San Francisco", "rewardPoints": 18}
    }
  })");
  EXPECT_EQ(body, compact(R"({
    "phoneNumber": "+35912345",
    "orderId": "orderId1",
    "cartPaid": true,
    "products": [{
      "id": "1", "price": 10, "currency": "BGN", "quantity": 2,
      "custom": {"string": [{"key": "color", "values": ["red"]}], "numeric": [{"key": "size", "values": [18]}]}
    }],
    "custom": {
      "string": [{"key": "city", "values": ["San Francisco"]}],
      "numeric": [{"key": "rewardPoints", "values": [18]}]
    },
    "timestamp": "2026-11-21T00:00:00.000Z"
  })"));
}

TEST(releva_body, of_an_unpaid_cart_has_no_order) {
  const auto body = cart_of("cart.updated", R"({
    "customer": {"email": "мария@пример.bg", "phone": "+359888123456"},
    "cart": {"id": "c-1", "currency": "EUR", "items": [{"product_id": "p", "variant_id": "p-red"}]}
  })",
                            R"("time":"2026-11-21T12:00:00.123456+02:00",)");
  EXPECT_EQ(body, compact(R"({
    "email": "мария@пример.bg", "phoneNumber": "+359888123456", "cartPaid": false,
    "products": [{"id": "p-red", "currency": "EUR", "quantity": 1}],
    "timestamp": "2026-11-21T10:00:00.123Z"
  })"));
}

TEST(releva_body, of_an_emptied_cart_has_no_products) {
  const auto body =
      cart_of("cart.updated", R"({"customer":{"email":"a@b.bg"},"cart":{"id":"c","items":[]}})");
  EXPECT_EQ(body,
            R"({"email":"a@b.bg","cartPaid":false,"products":[],"timestamp":"2026-11-21T10:00:00.000Z"})");
}

TEST(releva_body, is_dated_by_the_order_else_the_event_else_its_arrival) {
  const auto dated = [](std::string_view order_member, std::string_view envelope) {
    const auto body =
        cart_of("order.paid",
                fmt::format(R"({{"customer":{{"email":"a@b.bg"}},"order":{{"id":"o","currency":"EUR",
      "total":"1",{}"items":[]}}}})",
                            order_member),
                envelope);
    return body.substr(body.find("\"timestamp\""));
  };
  const std::string_view placed = R"("placed_at":"2026-11-20T23:59:59.999-01:00",)";
  const std::string_view time = R"("time":"2026-11-21T09:00:00+03:00",)";
  EXPECT_EQ(dated(placed, time), R"("timestamp":"2026-11-21T00:59:59.999Z"})");
  EXPECT_EQ(dated("", time), R"("timestamp":"2026-11-21T06:00:00.000Z"})");
  EXPECT_EQ(dated("", ""), R"("timestamp":"2026-11-21T10:00:00.000Z"})");
}

TEST(releva_body, keeps_money_exact) {
  for (const auto* price : {"10.50", "0.0001", "999999999999.9999", "19.99", "1000000"}) {
    const auto body =
        cart_of("order.paid", fmt::format(R"({{"customer":{{"email":"a@b.bg"}},"order":{{"id":"o",
      "currency":"EUR","total":"1","items":[{{"product_id":"p","unit_price":"{}"}}]}}}})",
                                          price));
    EXPECT_NE(body.find(fmt::format(R"("price":{},)", price)), std::string::npos) << body;
  }
}

TEST(releva_body, never_writes_a_quantity_with_an_exponent) {
  EXPECT_NE(product_cart(R"(,"quantity":1.2e3)").find(R"("quantity":1200})"), std::string::npos);
  EXPECT_NE(product_cart(R"(,"quantity":2.0)").find(R"("quantity":2})"), std::string::npos);
  EXPECT_NE(product_cart(R"(,"quantity":0.250)").find(R"("quantity":0.25})"), std::string::npos);
}

TEST(releva_body, prefers_a_products_own_currency) {
  EXPECT_NE(product_cart(R"(,"currency":"USD")").find(R"("currency":"USD")"), std::string::npos);
}

TEST(releva_custom, sorts_attributes_by_the_type_of_their_value) {
  const auto body = with_attributes(R"({"материя":"вълна","gift":true,"sale":false,"points":1.50,
    "sizes":[38,4e1],"tags":["нов","a\"b"]})");
  const auto custom = body.substr(body.find("\"custom\""));
  EXPECT_EQ(custom, compact(R"("custom": {
    "string": [
      {"key":"материя","values":["вълна"]},
      {"key":"gift","values":["true"]},
      {"key":"sale","values":["false"]},
      {"key":"tags","values":["нов","a\"b"]}],
    "numeric": [{"key":"points","values":[1.50]},{"key":"sizes","values":[38,40]}]
  },"timestamp":"2026-11-21T10:00:00.000Z"})"));
}

TEST(releva_custom, leaves_out_what_is_empty) {
  EXPECT_EQ(with_attributes("{}").find("custom"), std::string::npos);
  EXPECT_EQ(with_attributes(R"({"tags":[]})").find("custom"), std::string::npos);
  EXPECT_EQ(with_attributes(R"({"a":"b"})").find("numeric"), std::string::npos);
  EXPECT_EQ(with_attributes(R"({"a":1})").find("\"string\""), std::string::npos);
}

}  // namespace
}  // namespace cartrelay::destinations
