#include "shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::destinations::esputnik::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using outcome = screening::outcome;

TEST(screening, needs_somebody) {
  for (const auto* type : {"page.viewed", "order.delivered"}) {
    const auto what =
        make_event(type, type[0] == 'p' ? R"({"page":{"url":"https://a.bg"}})" : R"({"order":{"id":"o"}})");
    const auto told = shop()->screen(*what);
    EXPECT_EQ(told.what, outcome::unmappable);
    EXPECT_EQ(told.reason, "unmappable");
    EXPECT_THAT(told.detail, HasSubstr("/data/customer"));
  }
}

TEST(screening, skips_changes_of_a_cart_that_do_not_hold_it) {
  for (const auto* type : {"cart.item_added", "cart.item_removed"}) {
    const auto told = shop()->screen(*cart_event(type));
    EXPECT_EQ(told.what, outcome::skipped);
    EXPECT_EQ(told.reason, "no_snapshot");
    EXPECT_EQ(shop()->screen(*cart_event(type, R"(,"items":[])")).what, outcome::send);
  }
}

TEST(screening, takes_no_cart_with_prices_in_several_currencies) {
  const auto cart = [](std::string_view whole, std::string_view first, std::string_view second) {
    return cart_event("cart.updated", fmt::format(R"({},"items":[{{"product_id":"p","unit_price":1{}}},
        {{"product_id":"q","unit_price":2{}}}])",
                                                  whole, first, second));
  };
  const auto eur = R"(,"currency":"EUR")", usd = R"(,"currency":"USD")";
  for (const auto& what : {cart("", eur, usd), cart(eur, usd, ""), cart(usd, usd, eur)}) {
    const auto told = shop()->screen(*what);
    EXPECT_EQ(told.what, outcome::unmappable);
    EXPECT_THAT(told.detail, HasSubstr("several currencies"));
  }
  for (const auto& what : {cart("", eur, eur), cart("", eur, ""), cart(eur, usd, usd), cart(usd, "", usd)})
    EXPECT_EQ(shop()->screen(*what).what, outcome::send);
}

TEST(screening, needs_the_price_of_each_product_of_a_cart) {
  const auto items = R"(,"items":[{"product_id":"p","unit_price":"0"},{"product_id":"q"}])";
  for (const auto* type : {"cart.updated", "cart.item_added", "cart.item_removed"}) {
    const auto told = shop()->screen(*cart_event(type, items));
    EXPECT_EQ(told.what, outcome::unmappable);
    EXPECT_THAT(told.detail, testing::StartsWith("/data/cart/items/1/unit_price: "));
  }
  EXPECT_EQ(shop()->screen(*cart_event("cart.deleted", items)).what, outcome::send) << "no product is sent";
}

TEST(screening, lets_everything_else_through) {
  EXPECT_EQ(shop()->screen(*cart_event("cart.updated", R"(,"items":[])")).what, outcome::send);
  EXPECT_EQ(shop()->screen(*cart_event("cart.deleted")).what, outcome::send);
  for (const auto* type :
       {"order.created", "order.updated", "order.paid", "order.delivered", "order.cancelled"})
    EXPECT_EQ(shop()->screen(*order_event(type)).what, outcome::send) << type;
}

TEST(screening, catches_an_order_that_the_vendor_would_drop_without_a_word) {
  auto lacking = std::make_shared<event::event>(*order_event("order.created"));
  lacking->data.order->total.reset();
  const auto told = shop()->screen(*lacking);
  EXPECT_EQ(told.what, outcome::unmappable);
  EXPECT_THAT(told.detail, HasSubstr("totalCost"));
  lacking->type = event::event_type::order_updated;
  EXPECT_EQ(shop()->screen(*lacking).what, outcome::send) << "the order may be there already";
}

TEST(order_keys, are_the_order_and_its_cart) {
  EXPECT_THAT(shop()->order_keys(*order_event("order.paid", R"(,"cart_id":"k-1")")),
              ElementsAre("order:12345679", "cart:k-1"));
  EXPECT_THAT(shop()->order_keys(*order_event("order.paid")), ElementsAre("order:12345679"));
  EXPECT_THAT(shop()->order_keys(*cart_event("cart.deleted")), ElementsAre("cart:k-1"));
}

TEST(order_keys, are_the_contact_for_views) {
  const auto by = [](std::string_view customer) {
    return shop()->order_keys(
        *make_event("page.viewed", fmt::format(R"({{{}"page":{{"url":"https://a.bg"}}}})", customer)));
  };
  EXPECT_THAT(by(R"("customer":{"id":"c","email":"a@b.bg"},)"), ElementsAre("contact:a@b.bg"));
  EXPECT_FALSE(by("").empty());
}

TEST(supersedes, by_whole_carts_alone) {
  EXPECT_TRUE(shop()->supersedes(*cart_event("cart.updated", R"(,"items":[])")));
  EXPECT_TRUE(shop()->supersedes(*cart_event("cart.item_added", R"(,"items":[])")));
  EXPECT_FALSE(shop()->supersedes(*cart_event("cart.item_added")));
  EXPECT_FALSE(shop()->supersedes(*cart_event("cart.deleted")));
  EXPECT_FALSE(shop()->supersedes(*order_event("order.paid")));
}

}  // namespace
}  // namespace cartrelay::destinations::esputnik::test
