#include "shop.hpp"

#include <gtest/gtest.h>

namespace cartrelay::destinations::reloadify::test {
namespace {

std::string cart_json(std::string_view cart) {
  const auto body = body_of(
      make_event("cart.updated",
                 fmt::format(R"({{"customer":{{"id":"c-1"}},"cart":{{"id":"k-1","items":[]{}}}}})", cart)));
  const std::string_view before = R"({"shopping_cart":{"id":"k-1","profile_id":"c-1")";
  EXPECT_TRUE(body.starts_with(before)) << body;
  return body.substr(before.size(), body.size() - before.size() - 2);
}

std::string attribute_json(std::string_view value) {
  const auto json = cart_json(fmt::format(R"(,"attributes":{{"a":{}}})", value));
  const std::string_view before = R"(,"custom_attributes":[{"name":"a",)";
  EXPECT_TRUE(json.starts_with(before)) << json;
  return json.substr(before.size(), json.size() - before.size() - 2);
}

TEST(cart_body, leaves_out_what_is_not_known) {
  EXPECT_EQ(cart_json(""), "");
  EXPECT_EQ(cart_json(R"(,"attributes":{})"), "");
  EXPECT_EQ(cart_json(R"(,"recovery_url":"","recovery_token":"")"), "");
}

TEST(cart_body, sends_the_price_as_the_text_it_came_as) {
  EXPECT_EQ(cart_json(R"(,"total":"10.50")"), R"(,"price":"10.50")");
  EXPECT_EQ(cart_json(R"(,"total":10.50)"), R"(,"price":"10.50")");
  EXPECT_EQ(cart_json(R"(,"total":"0")"), R"(,"price":"0")");
  EXPECT_EQ(cart_json(R"(,"total":"123456789012.3456")"), R"(,"price":"123456789012.3456")");
}

TEST(cart_body, sends_times_as_the_shop_wrote_them) {
  EXPECT_EQ(cart_json(R"(,"created_at":"2026-03-15T14:22:00+02:00","updated_at":"2026-03-15T12:22:00.5Z")"),
            R"(,"created_at":"2026-03-15T14:22:00+02:00","updated_at":"2026-03-15T12:22:00.5Z")");
}

TEST(cart_body, keeps_every_character) {
  EXPECT_EQ(cart_json(R"(,"recovery_url":"https://магазин.bg/\"количка\"?a=1&б=\\","recovery_token":"日本")"),
            R"(,"recovery_url":"https://магазин.bg/\"количка\"?a=1&б=\\","recovery_token":"日本")");
}

TEST(custom_attributes, are_typed_by_their_value) {
  EXPECT_EQ(attribute_json(R"("зелен")"), R"("string_value":"зелен")");
  EXPECT_EQ(attribute_json(R"("")"), R"("string_value":"")");
  EXPECT_EQ(attribute_json("7"), R"("integer_value":7)");
  EXPECT_EQ(attribute_json("-7"), R"("integer_value":-7)");
  EXPECT_EQ(attribute_json("true"), R"("boolean_value":true)");
  EXPECT_EQ(attribute_json("false"), R"("boolean_value":false)");
}

TEST(custom_attributes, tell_whole_numbers_by_value) {
  EXPECT_EQ(attribute_json("1.0"), R"("integer_value":1)");
  EXPECT_EQ(attribute_json("15e2"), R"("integer_value":1500)");
  EXPECT_EQ(attribute_json("1.50"), R"("string_value":"1.50")");
  EXPECT_EQ(attribute_json("25e-1"), R"("string_value":"2.5")");
  EXPECT_EQ(attribute_json("9007199254740993"), R"("integer_value":9007199254740993)") << "2^53 + 1";
  EXPECT_EQ(attribute_json("99999999999999999999"), R"("string_value":"99999999999999999999")")
      << "no 64-bit integer holds it";
  for (const auto* whole : {"9223372036854775807", "-9223372036854775808", "1234567890123456789",
                            "-999999999999999999", "100000000000000000"})
    EXPECT_EQ(attribute_json(whole), fmt::format(R"("integer_value":{})", whole));
  for (const auto* too_far : {"9223372036854775808", "-9223372036854775809"})
    EXPECT_EQ(attribute_json(too_far), fmt::format(R"("string_value":"{}")", too_far));
  EXPECT_EQ(attribute_json("1e300"), R"("string_value":"1e300")");
}

TEST(custom_attributes, tell_dates_by_form) {
  EXPECT_EQ(attribute_json(R"("2026-03-15")"), R"("date_value":"2026-03-15")");
  EXPECT_EQ(attribute_json(R"("2024-02-29")"), R"("date_value":"2024-02-29")");
  EXPECT_EQ(attribute_json(R"("2026-02-29")"), R"("string_value":"2026-02-29")") << "no such day";
  EXPECT_EQ(attribute_json(R"("2026-13-01")"), R"("string_value":"2026-13-01")");
  EXPECT_EQ(attribute_json(R"("2026-3-15")"), R"("string_value":"2026-3-15")");
  EXPECT_EQ(attribute_json(R"("20a6-03-15")"), R"("string_value":"20a6-03-15")");
  EXPECT_EQ(attribute_json(R"("2026-03-15T14:22:00+02:00")"),
            R"("datetime_value":"2026-03-15T14:22:00+02:00")");
  EXPECT_EQ(attribute_json(R"("2026-03-15T14:22:00")"), R"("string_value":"2026-03-15T14:22:00")")
      << "without an offset it names no moment";
}

TEST(custom_attributes, join_lists) {
  EXPECT_EQ(attribute_json(R"(["a","б, в"])"), R"("string_value":"a, б, в")");
  EXPECT_EQ(attribute_json("[1,2.50,3e1]"), R"("string_value":"1, 2.50, 30")");
  EXPECT_EQ(attribute_json(R"(["2026-03-15"])"), R"("string_value":"2026-03-15")");
}

TEST(custom_attributes, stand_in_the_shops_order) {
  EXPECT_EQ(cart_json(R"(,"attributes":{"z":1,"a":"x"})"),
            R"(,"custom_attributes":[{"name":"z","integer_value":1},{"name":"a","string_value":"x"}])");
}

TEST(paths, hold_ids_percent_encoded) {
  const auto what = make_event("cart.item_added", R"({"customer":{"id":"c-1"},"cart":{"id":"a/b?c=1#d %41"},
      "item":{"product_id":"p","variant_id":"синьо/../.."}})");
  const auto where = shop();
  const auto log = run(*where, {{what, {}}}, {answer(200), answer(200)});
  EXPECT_EQ(log.requests[1].target,
            carts + "/a%2Fb%3Fc%3D1%23d%20%2541/products/%D1%81%D0%B8%D0%BD%D1%8C%D0%BE%2F..%2F..");
}

TEST(paths, follow_the_configured_url) {
  auto given = shop_options();
  given.url = "https://reloadify.example/v/";
  const auto where = make_destination(given);
  const auto log = run(*where, {{make_event("cart.deleted", R"({"cart":{"id":"k-1"}})"), {}}}, {answer(204)});
  EXPECT_EQ(log.requests[0].target, "https://reloadify.example/v/v2/languages/en/shopping_carts/k-1");
}

TEST(products, are_known_by_their_variant) {
  const auto what = make_event("cart.item_added", R"({"customer":{"id":"c-1"},"cart":{"id":"k-1"},
      "item":{"product_id":"p-1","variant_id":"v-1"}})");
  const auto where = shop();
  const auto log = run(*where, {{what, {}}}, {answer(200), answer(200)});
  EXPECT_EQ(lines(log.requests).back(), "PUT /k-1/products/v-1");
}

}  // namespace
}  // namespace cartrelay::destinations::reloadify::test
