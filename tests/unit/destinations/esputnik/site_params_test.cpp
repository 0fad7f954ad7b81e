#include "base/uuid.hpp"
#include "shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::destinations::esputnik::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Key;
using testing::Not;
using testing::Pair;

std::string product_json(std::string_view further) {
  return params_of(make_event("product.viewed", fmt::format(R"({{"customer":{{"id":"c"}},
      "product":{{"product_id":"p"{}}}}})",
                                                            further)))
      .at("product");
}

TEST(identity, is_email_else_phone_else_id) {
  const auto key_value = [](std::string_view members) {
    const auto body = boost::json::parse(body_of(make_event(
        "page.viewed", fmt::format(R"({{"customer":{{{}}},"page":{{"url":"https://a.bg"}}}})", members))));
    return std::string(body.at("keyValue").as_string());
  };
  EXPECT_EQ(key_value(R"("id":"c","email":"a@b.bg","phone":"+35988812345")"), "a@b.bg");
  EXPECT_EQ(key_value(R"("id":"c","phone":"+35988812345")"), "35988812345");
  EXPECT_EQ(key_value(R"("id":"c")"), "c");
}

TEST(identity, stands_in_every_parameter_that_is_known) {
  const auto what =
      make_event("page.viewed", R"({"customer":{"id":"c","email":"a@b.bg","phone":"+35988812345"},
      "page":{"url":"https://a.bg/?ц=\"1\""}})");
  EXPECT_THAT(params_of(what), ElementsAre(Pair("email", "a@b.bg"), Pair("externalCustomerId", "c"),
                                           Pair("page", R"({"location":"https://a.bg/?ц=\"1\""})"),
                                           Pair("phone", "35988812345")));
}

TEST(product, holds_what_is_known) {
  EXPECT_EQ(product_json(""), R"({"productId":"p"})");
  EXPECT_EQ(product_json(R"(,"variant_id":"v","unit_price":"10.50","in_stock":false,"name":"not asked for")"),
            R"({"productId":"v","price":10.50,"isInStock":0})");
}

TEST(product, holds_attributes_as_lists_of_strings) {
  EXPECT_EQ(
      product_json(
          R"(,"attributes":{"цвят":["зелен","син"],"size":"L","new":true,"weights":[1.5,2e1],"n":7})"),
      R"({"productId":"p","цвят":["зелен","син"],"size":["L"],"new":["true"],"weights":["1.5","20"],"n":["7"]})");
}

TEST(product, is_not_overruled_by_attributes) {
  EXPECT_EQ(product_json(R"(,"unit_price":1,"attributes":{"price":"0","productId":"q"})"),
            R"({"productId":"p","price":1})");
  EXPECT_EQ(product_json(R"(,"attributes":{"price":"low","isInStock":true,"quantity":3,"name":"Чаша"})"),
            R"({"productId":"p","name":["Чаша"]})");
}

TEST(cart, lists_what_is_known_of_its_products) {
  const auto all = params_of(cart_event("cart.updated", R"(,"currency":"BGN","items":[
      {"product_id":"p","quantity":2.0,"unit_price":"45.50","name":"Чаша","category":"mugs","discount":"0.50",
       "attributes":{"glaze":"blue"}},{"product_id":"q","unit_price":"3"}])"));
  EXPECT_EQ(all.at("products"),
            R"([{"productId":"p","quantity":2,"price":45.50,"name":"Чаша","category":"mugs",)"
            R"("discount":"0.50","glaze":["blue"]},{"productId":"q","quantity":1,"price":3}])");
  EXPECT_EQ(all.at("currencyCode"), "BGN");
}

TEST(cart, is_not_overruled_by_attributes_of_its_products) {
  EXPECT_EQ(params_of(cart_event("cart.updated", R"(,"items":[{"product_id":"p","unit_price":1,"attributes":
      {"discount":"10%","name":"x","category":"y","isInStock":true,"quantity":3,"Discount":"z"}}])"))
                .at("products"),
            R"([{"productId":"p","quantity":1,"price":1,"Discount":["z"]}])");
}

TEST(cart, lists_no_empty_texts) {
  EXPECT_EQ(params_of(cart_event("cart.updated", R"(,"items":[{"product_id":"p","unit_price":1,"name":"",
      "category":""}])"))
                .at("products"),
            R"([{"productId":"p","quantity":1,"price":1}])");
}

TEST(cart, leaves_products_out_when_it_is_empty) {
  const auto all = params_of(cart_event("cart.updated", R"(,"items":[])"));
  EXPECT_THAT(all, Not(Contains(Key("products"))));
  EXPECT_THAT(all, Not(Contains(Key("currencyCode"))));
  EXPECT_THAT(all, Contains(Key("recycleStateId")));
}

TEST(cart, is_empty_once_it_is_gone) {
  const auto items = R"(,"items":[{"product_id":"p","currency":"USD"}])";
  const auto gone = params_of(cart_event("cart.deleted", items));
  EXPECT_THAT(gone, Not(Contains(Key("products"))));
  EXPECT_THAT(gone, Not(Contains(Key("currencyCode")))) << "of prices that are not sent";
  EXPECT_THAT(params_of(cart_event("cart.deleted", std::string(R"(,"currency":"EUR")") + items)),
              Contains(Pair("currencyCode", "EUR")));
}

TEST(cart, is_sent_whole_when_an_item_changed) {
  for (const auto* type : {"cart.item_added", "cart.item_removed"}) {
    const auto what = cart_event(type, R"(,"items":[{"product_id":"p","unit_price":"3"}])");
    EXPECT_THAT(body_of(what), testing::HasSubstr(R"("eventTypeKey":"cartUpdated")"));
    EXPECT_EQ(params_of(what).at("products"), R"([{"productId":"p","quantity":1,"price":3}])")
        << "not the item by itself";
  }
}

TEST(cart, takes_its_currency_from_its_items_if_need_be) {
  EXPECT_EQ(params_of(cart_event("cart.updated",
                                 R"(,"items":[{"product_id":"p","unit_price":"3","currency":"EUR"}])"))
                .at("currencyCode"),
            "EUR");
}

TEST(cart, has_the_currency_that_its_prices_are_in) {
  for (const auto* items : {R"({"product_id":"p","unit_price":1,"currency":"USD"})",
                            R"({"product_id":"p","unit_price":1,"currency":"USD"},
                               {"product_id":"q","unit_price":2,"currency":"USD"})"})
    EXPECT_EQ(params_of(cart_event("cart.updated", fmt::format(R"(,"currency":"EUR","items":[{}])", items)))
                  .at("currencyCode"),
              "USD");
  EXPECT_EQ(params_of(cart_event("cart.updated", R"(,"items":[{"product_id":"p","unit_price":1},
      {"product_id":"q","unit_price":2,"currency":"EUR"}])"))
                .at("currencyCode"),
            "EUR");
}

TEST(recycle_state, is_the_shops_else_made_of_the_carts_id) {
  EXPECT_EQ(
      params_of(cart_event("cart.updated", R"(,"items":[],"refs":{"esputnik":{"recycle_state_id":"r-1"}})"))
          .at("recycleStateId"),
      "r-1");
  const auto made = params_of(cart_event("cart.updated", R"(,"items":[])")).at("recycleStateId");
  EXPECT_EQ(made, base::uuid_v5("k-1"));
  EXPECT_EQ(params_of(cart_event("cart.deleted")).at("recycleStateId"), made);
}

}  // namespace
}  // namespace cartrelay::destinations::esputnik::test
