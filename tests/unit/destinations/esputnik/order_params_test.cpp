#include "shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::destinations::esputnik::test {
namespace {

using testing::Contains;
using testing::Key;
using testing::Not;
using testing::Pair;

std::string type_key(const event::event_ptr& what) {
  return std::string(boost::json::parse(body_of(what)).at("eventTypeKey").as_string());
}

event::event_ptr with_items(std::string_view items) {
  return make_event("order.created", fmt::format(R"({{"customer":{{"id":"c-1"}},
      "order":{{"id":"o-1","currency":"BGN","total":"1","items":[{}]}}}})",
                                                 items));
}

TEST(order_events, have_a_type_each) {
  EXPECT_EQ(type_key(order_event("order.created")), "orderCreated");
  EXPECT_EQ(type_key(order_event("order.updated")), "orderUpdated");
  EXPECT_EQ(type_key(order_event("order.paid")), "orderUpdated");
  EXPECT_EQ(type_key(order_event("order.delivered")), "orderDelivered");
  EXPECT_EQ(type_key(order_event("order.cancelled")), "orderCancelled");
}

TEST(order_status, follows_the_event) {
  const std::map<std::string, std::string> statuses{{"order.created", "INITIALIZED"},
                                                    {"order.updated", "IN_PROGRESS"},
                                                    {"order.paid", "IN_PROGRESS"},
                                                    {"order.delivered", "DELIVERED"},
                                                    {"order.cancelled", "CANCELLED"}};
  for (const auto& [type, status] : statuses)
    EXPECT_THAT(params_of(order_event(type)), Contains(Pair("status", status))) << type;
}

TEST(order_status, is_the_shops_where_the_vendor_knows_it) {
  for (const auto* known :
       {"INITIALIZED", "IN_PROGRESS", "DELIVERED", "CANCELLED", "ABANDONED_SHOPPING_CART"})
    EXPECT_THAT(params_of(order_event("order.updated", fmt::format(R"(,"status":"{}")", known))),
                Contains(Pair("status", known)));
  for (const auto* other : {"paid", "delivered", "изпратена"})
    EXPECT_THAT(params_of(order_event("order.updated", fmt::format(R"(,"status":"{}")", other))),
                Contains(Pair("status", "IN_PROGRESS")));
}

TEST(order_status, of_the_shop_comes_before_that_of_the_event) {
  EXPECT_THAT(params_of(order_event("order.cancelled", R"(,"status":"IN_PROGRESS")")),
              Contains(Pair("status", "IN_PROGRESS")));
  EXPECT_THAT(params_of(order_event("order.delivered", R"(,"status":"at the door")")),
              Contains(Pair("status", "DELIVERED")));
}

TEST(order_items, have_no_cost_in_another_currency) {
  EXPECT_EQ(params_of(with_items(R"({"product_id":"p","unit_price":"3","currency":"EUR"},
      {"product_id":"q","unit_price":"4","currency":"BGN"})"))
                .at("items"),
            R"([{"externalItemId":"p","quantity":1},{"externalItemId":"q","quantity":1,"cost":4}])");
}

TEST(order_items, of_an_order_without_a_currency_have_no_costs_of_several) {
  const auto sent = [](std::string_view first, std::string_view second) {
    return params_of(make_event("order.delivered",
                                fmt::format(R"({{"customer":{{"id":"c-1"}},"order":{{"id":"o-1","items":[
        {{"product_id":"p","unit_price":"3"{}}},{{"product_id":"q","unit_price":"4"{}}}]}}}})",
                                            first, second)));
  };
  const auto eur = R"(,"currency":"EUR")", usd = R"(,"currency":"USD")";
  const auto both =
      R"([{"externalItemId":"p","quantity":1,"cost":3},{"externalItemId":"q","quantity":1,"cost":4}])";
  const auto neither = R"([{"externalItemId":"p","quantity":1},{"externalItemId":"q","quantity":1}])";
  EXPECT_THAT(sent(eur, usd),
              testing::AllOf(Contains(Pair("items", neither)), Not(Contains(Key("currency")))));
  EXPECT_THAT(sent("", ""), testing::AllOf(Contains(Pair("items", both)), Not(Contains(Key("currency")))));
  for (const auto& one : {sent(eur, eur), sent("", eur), sent(eur, "")})
    EXPECT_THAT(one, testing::AllOf(Contains(Pair("items", both)), Contains(Pair("currency", "EUR"))));
}

TEST(order_date, stands_in_the_shops_time_zone) {
  const auto what = order_event("order.created", R"(,"placed_at":"2026-07-01T22:30:00.9Z")");
  EXPECT_THAT(params_of(what), Contains(Pair("date", "2026-07-01T22:30:00")));
  EXPECT_THAT(params_of(what, {{"time_zone", std::string("Europe/Sofia")}}),
              Contains(Pair("date", "2026-07-02T01:30:00")));
}

TEST(order_date, is_the_events_if_the_order_has_none) {
  const auto what =
      make_event("order.created", R"({"customer":{"id":"c"},"order":{"id":"o","currency":"BGN","total":"1",
      "items":[]}})",
                 R"("time":"2026-11-20T09:00:00+02:00",)");
  EXPECT_THAT(params_of(what), Contains(Pair("date", "2026-11-20T07:00:00")));
  EXPECT_THAT(params_of(order_event("order.created")), Contains(Pair("date", "2026-11-21T10:00:00")))
      << "received then";
}

TEST(order_date, stands_in_every_order) {
  EXPECT_THAT(params_of(order_event("order.delivered")), Contains(Pair("date", "2026-11-21T10:00:00")));
  EXPECT_THAT(params_of(order_event("order.cancelled", R"(,"placed_at":"2026-01-02T03:04:05Z")")),
              Contains(Pair("date", "2026-01-02T03:04:05")));
}

TEST(order_params, of_an_id_alone) {
  const auto what = make_event("order.delivered", R"({"customer":{"email":"a@b.bg"},"order":{"id":"o-1"}})");
  EXPECT_EQ(body_of(what), compact(R"({"eventTypeKey":"orderDelivered","keyValue":"a@b.bg","params":[
      {"name":"email","value":"a@b.bg"},{"name":"externalOrderId","value":"o-1"},
      {"name":"externalCustomerId","value":"a@b.bg"},{"name":"status","value":"DELIVERED"},
      {"name":"date","value":"2026-11-21T10:00:00"}]})"));
}

TEST(order_params, name_the_customer_however_they_are_known) {
  const auto customer = [](std::string_view members) {
    return params_of(
        make_event("order.delivered", fmt::format(R"({{"customer":{{{}}},"order":{{"id":"o"}}}})", members)));
  };
  EXPECT_THAT(customer(R"("id":"c","email":"a@b.bg","phone":"+35988812345")"),
              Contains(Pair("externalCustomerId", "c")));
  EXPECT_THAT(customer(R"("email":"a@b.bg","phone":"+35988812345")"),
              Contains(Pair("externalCustomerId", "a@b.bg")));
  EXPECT_THAT(customer(R"("phone":"+35988812345")"), Contains(Pair("externalCustomerId", "35988812345")));
}

TEST(order_params, hold_what_is_known_and_no_more) {
  const auto all =
      params_of(order_event("order.created", R"(,"shipping":"4.50","discount":"0.10","taxes":"43",
      "delivery_method":"Еконт","payment_method":"card","delivery_address":"ул. „Раковски“ 1\nСофия",
      "restore_url":"https://магазин.bg/r?o=1")"));
  EXPECT_EQ(all.at("shipping"), "4.50");
  EXPECT_EQ(all.at("discount"), "0.10");
  EXPECT_EQ(all.at("taxes"), "43");
  EXPECT_EQ(all.at("deliveryMethod"), "Еконт");
  EXPECT_EQ(all.at("paymentMethod"), "card");
  EXPECT_EQ(all.at("deliveryAddress"), "ул. „Раковски“ 1\nСофия");
  EXPECT_EQ(all.at("restoreUrl"), "https://магазин.bg/r?o=1");
  EXPECT_EQ(all.at("currency"), "UAH");
  for (const auto* name : {"shipping", "discount", "taxes", "deliveryMethod", "paymentMethod",
                           "deliveryAddress", "restoreUrl", "email"})
    EXPECT_THAT(params_of(order_event("order.created")), Not(Contains(Key(name)))) << name;
}

TEST(order_params, hold_no_empty_texts) {
  EXPECT_EQ(params_of(order_event("order.created", R"(,"status":"","delivery_method":"","payment_method":"",
      "delivery_address":"","restore_url":"")")),
            params_of(order_event("order.created")));
}

TEST(order_params, hold_each_attribute) {
  const auto all =
      params_of(order_event("order.created", R"(,"attributes":{"канал":"app","gift":true,"points":1.50e1,
      "tags":["a","б\""],"sizes":[1,25e-1]})"));
  EXPECT_EQ(all.at("канал"), "app");
  EXPECT_EQ(all.at("gift"), "true");
  EXPECT_EQ(all.at("points"), "15");
  EXPECT_EQ(all.at("tags"), R"(["a","б\""])");
  EXPECT_EQ(all.at("sizes"), "[1,2.5]");
}

TEST(order_params, are_not_overruled_by_attributes) {
  const auto all =
      params_of(order_event("order.created", R"(,"attributes":{"totalCost":"0","PHONE":"1","status":"x"})"));
  EXPECT_EQ(all.at("totalCost"), "258.0");
  EXPECT_EQ(all.at("phone"), "380501234567");
  EXPECT_THAT(all, Not(Contains(Key("PHONE")))) << "the vendor looks for the contact in any letter case";
  EXPECT_EQ(all.at("status"), "INITIALIZED");
}

TEST(order_params, that_differ_in_letter_case_alone_are_different_ones) {
  const auto all =
      params_of(order_event("order.created", R"(,"attributes":{"Size":"a","size":"b","Status":"weird"})"));
  EXPECT_EQ(all.at("Size"), "a");
  EXPECT_EQ(all.at("size"), "b");
  EXPECT_EQ(all.at("Status"), "weird");
  EXPECT_EQ(all.at("status"), "INITIALIZED");
}

TEST(order_params, an_attribute_never_takes_the_place_of_one_that_is_missing) {
  const auto own = {"totalCost",     "items",           "products",  "currency",
                    "shipping",      "discount",        "taxes",     "deliveryMethod",
                    "paymentMethod", "deliveryAddress", "restoreUrl"};
  std::string attributes;
  for (const auto* name : own)
    attributes += fmt::format(R"("{}":"SUMMER10",)", name);
  const auto all =
      params_of(make_event("order.cancelled", fmt::format(R"({{"customer":{{"id":"c"}},"order":{{"id":"o",
      "attributes":{{{}"coupon":"SUMMER10"}}}}}})",
                                                          attributes)));
  for (const auto* name : own)
    EXPECT_THAT(all, Not(Contains(Key(name)))) << name;
  EXPECT_EQ(all.at("coupon"), "SUMMER10");
  const auto off = params_of(order_event("order.created", R"(,"attributes":{"products":"2"})"),
                             {{"products_param", false}});
  EXPECT_THAT(off, Not(Contains(Key("products"))));
}

TEST(order_params, take_as_many_attributes_as_fit_in_an_event) {
  constexpr int count = 100'000;  // each compared with all others, they took the delivery thread seconds
  std::string attributes;
  for (int i = 0; i < count; ++i)
    attributes += fmt::format(R"({}"a{}":1)", i == 0 ? "" : ",", i);
  const auto all = params_of(order_event("order.updated", ",\"attributes\":{" + attributes + "}"));
  EXPECT_GT(all.size(), static_cast<std::size_t>(count));
  EXPECT_EQ(all.at("a99999"), "1");
}

TEST(order_params, an_attribute_never_says_who_the_customer_is) {
  const auto all =
      params_of(order_event("order.created", R"(,"attributes":{"email":"a@b.bg","SMS":"1","contactKey":"k",
      "Contact_Id":"7","UserEmail":"c@d.bg","PushToken":"t","ExternalCustomerID":"x","phones":"2"})"));
  for (const auto* name :
       {"email", "SMS", "contactKey", "Contact_Id", "UserEmail", "PushToken", "ExternalCustomerID"})
    EXPECT_THAT(all, Not(Contains(Key(name)))) << name;
  EXPECT_EQ(all.at("phones"), "2");
}

TEST(order_items, keep_numbers_exact) {
  EXPECT_EQ(params_of(with_items(R"({"product_id":"p","unit_price":"123456789012.3450","quantity":1e-3})"))
                .at("items"),
            R"([{"externalItemId":"p","quantity":0.001,"cost":123456789012.3450}])");
  EXPECT_EQ(params_of(with_items(R"({"product_id":"p","unit_price":0.10,"quantity":2.50})")).at("items"),
            R"([{"externalItemId":"p","quantity":2.5,"cost":0.10}])");
}

TEST(order_items, are_known_by_their_variant_and_keep_every_character) {
  EXPECT_EQ(
      params_of(with_items(R"({"product_id":"p","variant_id":"v","unit_price":1,"name":"Чаша \"№1\" \\ 茶",
      "attributes":{"color":"red"}})"))
          .at("items"),
      R"([{"externalItemId":"v","name":"Чаша \"№1\" \\ 茶","quantity":1,"cost":1}])");
}

TEST(order_items, hold_no_empty_texts) {
  EXPECT_EQ(params_of(with_items(R"({"product_id":"p","unit_price":1,"name":"","category":"","url":"",
      "image_url":"","description":""})"))
                .at("items"),
            R"([{"externalItemId":"p","quantity":1,"cost":1}])");
}

TEST(order_items, stand_there_twice_unless_switched_off) {
  const auto what = with_items(R"({"product_id":"p","unit_price":1})");
  const auto all = params_of(what);
  EXPECT_EQ(all.at("products"), R"({"array":)" + all.at("items") + "}");
  EXPECT_THAT(params_of(what, {{"products_param", false}}), Not(Contains(Key("products"))));
}

}  // namespace
}  // namespace cartrelay::destinations::esputnik::test
