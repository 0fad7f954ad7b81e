#include "tests/unit/event/samples.hpp"

#include <gmock/gmock.h>

namespace cartrelay::event {
namespace {

using namespace samples;

TEST(mapping, envelope) {
  const auto event = one(good("order_paid"));
  EXPECT_EQ(event.id, "e-1");
  EXPECT_EQ(event.source, "shop/bg");
  EXPECT_EQ(event.type, event_type::order_paid);
  EXPECT_FALSE(event.time);
  EXPECT_EQ(event.occurred_at(), arrival());
  EXPECT_FALSE(event.subject);
  EXPECT_EQ(event.partition_key, "o-1");
  EXPECT_EQ(event.trace_parent, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  EXPECT_EQ(event.trace_state, "a=1");
  ASSERT_EQ(event.extensions.size(), 3u);
  EXPECT_EQ(event.extensions[0].first, "dataschema");
  EXPECT_EQ(std::get<std::string_view>(event.extensions[0].second), "https://shop.example/schema");
  EXPECT_EQ(std::get<base::number>(event.extensions[1].second).text(), "7");
  EXPECT_TRUE(std::get<bool>(event.extensions[2].second));
}

TEST(mapping, page_customer_and_session) {
  const auto event = one(good("page_viewed"));
  EXPECT_EQ(event.subject, "page/home");
  EXPECT_EQ(event.time->written, "2026-03-15T14:22:00+02:00");
  EXPECT_EQ(event.occurred_at(), *base::parse_rfc3339("2026-03-15T12:22:00Z"));
  EXPECT_EQ(event.data.page->url, "https://shop.example/начало?utm=1#top");
  EXPECT_EQ(event.data.customer->id, "c-1845");
  EXPECT_EQ(event.data.customer->email, "anna@example.com");
  EXPECT_EQ(event.data.customer->phone, "+359888123456");
  EXPECT_EQ(event.data.customer->first_name, "Анна");
  EXPECT_EQ(event.data.customer->last_name, "Петрова");
  EXPECT_EQ(event.data.customer->language, "bg");
  EXPECT_EQ(event.data.session->id, "5b0f3f2e");
  EXPECT_EQ(event.data.session->market, "bg");
  EXPECT_EQ(event.data.session->language, "bg-BG");
  EXPECT_FALSE(event.data.order || event.data.cart || event.data.item || event.data.product ||
               event.data.category);
}

TEST(mapping, category) {
  const auto event = one(good("category_viewed"));
  EXPECT_EQ(event.data.category->id, "c-7");
  EXPECT_EQ(event.data.category->name, "Рокли & поли");
  EXPECT_EQ(event.data.category->url, "/c/7");
}

TEST(mapping, product) {
  const auto event = one(good("product_viewed"));
  const auto& product = *event.data.product;
  EXPECT_EQ(product.product_id, "p-1");
  EXPECT_EQ(product.variant_id, "p-1-red");
  EXPECT_EQ(product.vendor_id(), "p-1-red");
  EXPECT_EQ(product.name, "Червена рокля");
  EXPECT_EQ(product.category, "Рокли");
  EXPECT_EQ(product.unit_price->text(), "50.00");
  EXPECT_EQ(product.currency, "BGN");
  EXPECT_EQ(product.discount->text(), "5");
  EXPECT_EQ(product.url, "https://shop.example/p/1");
  EXPECT_EQ(product.image_url, "https://cdn.example/1.jpg");
  EXPECT_EQ(product.description, "Памук\n100 %\t– мека");
  EXPECT_EQ(product.in_stock, true);
  EXPECT_EQ(std::get<std::string_view>(product.attributes.at(0).second), "червено");
  EXPECT_EQ(find_ref(product.refs, "elevate", "ticket"), "tk;1");
}

TEST(mapping, item_beside_a_cart) {
  const auto event = one(good("cart_item_added"));
  EXPECT_EQ(event.data.cart->id, "9f1c");
  EXPECT_EQ(event.data.cart->total->text(), "100.00");
  EXPECT_FALSE(event.data.cart->items);
  EXPECT_EQ(event.data.item->vendor_id(), "p-1");
  EXPECT_EQ(event.data.item->quantity.text(), "2");
  EXPECT_EQ(event.data.item->unit_price->text(), "50");
  EXPECT_EQ(event.ref("elevate", "customer_key"), "ck");
  EXPECT_EQ(one(good("cart_item_removed")).data.item->quantity.text(), "1");  // unless given
}

TEST(mapping, cart) {
  const auto event = one(good("cart_updated"));
  const auto& cart = *event.data.cart;
  EXPECT_EQ(cart.currency, "EUR");
  EXPECT_EQ(cart.total->text(), "134.95");
  ASSERT_EQ(cart.items->size(), 2u);
  EXPECT_EQ(cart.items->at(0).quantity.text(), "1.0");
  EXPECT_EQ(cart.items->at(0).unit_price->text(), "19.99");
  EXPECT_EQ(cart.items->at(1).quantity.plain(), "0.25");
  EXPECT_EQ(cart.items->at(1).discount->text(), "0.0001");
  EXPECT_FALSE(cart.items->at(1).unit_price);
  EXPECT_EQ(cart.recovery_url, "https://shop.example/cart/9f1c");
  EXPECT_EQ(cart.recovery_token, "abc");
  EXPECT_EQ(cart.created_at->at, *base::parse_rfc3339("2026-03-15T12:00:00Z"));
  EXPECT_EQ(cart.updated_at->at, *base::parse_rfc3339("2026-03-15T17:35:00.123456Z"));
  EXPECT_EQ(find_ref(cart.refs, "esputnik", "recycle_state_id"), "rs-1");
}

TEST(mapping, attributes_of_every_kind_in_their_order) {
  const auto event = one(good("cart_updated"));
  const auto& list = event.data.cart->attributes;
  ASSERT_EQ(list.size(), 5u);
  EXPECT_EQ(list[0].first, "gift");
  EXPECT_FALSE(std::get<bool>(list[0].second));
  EXPECT_THAT(std::get<std::vector<std::string_view>>(list[1].second), testing::ElementsAre("S", "M"));
  const auto& weights = std::get<std::vector<base::number>>(list[2].second);
  ASSERT_EQ(weights.size(), 3u);
  EXPECT_EQ(weights[2].text(), "1e3");
  EXPECT_TRUE(std::get<std::vector<std::string_view>>(list[3].second).empty());
  EXPECT_EQ(std::get<std::string_view>(list[4].second), "");
  EXPECT_EQ(list[4].first, "note");
}

TEST(mapping, an_emptied_cart_differs_from_one_that_says_nothing) {
  EXPECT_TRUE(one(good("cart_updated_emptied")).data.cart->items->empty());
  EXPECT_FALSE(one(good("cart_deleted")).data.cart->items);
}

TEST(mapping, order) {
  const auto event = one(good("order_created"));
  const auto& order = *event.data.order;
  EXPECT_EQ(order.id, "100045");
  EXPECT_EQ(order.cart_id, "9f1c");
  EXPECT_EQ(order.currency, "BGN");
  EXPECT_EQ(order.total->text(), "134.95");
  EXPECT_EQ(order.shipping->text(), "4.95");
  EXPECT_EQ(order.discount->text(), "0");
  EXPECT_EQ(order.taxes->text(), "22.4917");
  EXPECT_EQ(order.placed_at->written, "2026-03-15T14:21:58+02:00");
  EXPECT_EQ(order.status, "IN_PROGRESS");
  EXPECT_EQ(order.delivery_method, "Еконт");
  EXPECT_EQ(order.payment_method, "card");
  EXPECT_EQ(order.delivery_address, "ул. „Иван Вазов“ 5\nСофия");
  EXPECT_EQ(order.restore_url, "https://shop.example/o/100045");
  ASSERT_EQ(order.items->size(), 2u);
  EXPECT_EQ(order.items->at(1).unit_price->text(), "30.00");
  EXPECT_EQ(order.items->at(1).quantity.text(), "1");
  EXPECT_EQ(std::get<std::string_view>(order.attributes.at(0).second), "ПРОЛЕТ");
}

TEST(mapping, a_ref_is_looked_for_from_the_outside_in) {
  const auto event = [](std::string_view data, std::string_view order) {
    return one(R"({"id":"1","source":"s","type":"order.cancelled","data":{"refs":)" + std::string(data) +
               R"(,"order":{"id":"1","refs":)" + std::string(order) + "}}}");
  };
  EXPECT_EQ(event(R"({"rokt":{"a":"outer"}})", R"({"rokt":{"a":"inner"}})").ref("rokt", "a"), "outer");
  EXPECT_EQ(event(R"({"rokt":{"b":"outer"}})", R"({"rokt":{"a":"inner"}})").ref("rokt", "a"), "inner");
  EXPECT_FALSE(event("{}", "{}").ref("rokt", "a"));
  const auto cart = one(
      R"({"id":"1","source":"s","type":"cart.deleted","data":{"cart":{"id":"1","refs":{"v":{"a":"c"}}}}})");
  EXPECT_EQ(cart.ref("v", "a"), "c");
}

TEST(mapping, a_vendor_that_is_named_with_nothing_leaves_its_name) {
  const auto what = one(
      R"({"id":"1","source":"s","type":"cart.deleted","data":{"cart":{"id":"1","refs":{"v":{},"w":{"a":"c"}}}}})");
  const auto& refs = what.data.cart->refs;
  ASSERT_EQ(refs.size(), 2u);
  EXPECT_EQ(refs[0].vendor, "v");
  EXPECT_EQ(refs[0].member, "");
  EXPECT_FALSE(what.ref("v", "a"));
  EXPECT_EQ(what.ref("w", "a"), "c");
}

TEST(mapping, lengths_at_their_limits) {
  const auto event = one(good("limits"));
  EXPECT_EQ(event.id.size(), 255u);
  EXPECT_EQ(event.data.product->product_id.size(), 2 * 255u);
  EXPECT_EQ(event.data.product->name->size(), 4 * 255u);
  EXPECT_EQ(event.data.product->description->size(), 2 * 4'096u);
  EXPECT_EQ(event.data.product->url->size(), 4'096u);
  std::string body =
      R"({"id":"1","source":"s","type":"cart.updated","data":{"cart":{"id":"1","items":[{"product_id":"p"})";
  for (int i = 1; i < 1'000; ++i)
    body += R"(,{"product_id":"p"})";
  EXPECT_EQ(one(body + "]}}}").data.cart->items->size(), 1'000u);
}

}  // namespace
}  // namespace cartrelay::event
