// The vendor's documentation shows a request for each call: the same come from the events of a shop that has
// that cart.
#include "shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::destinations::reloadify::test {
namespace {

using testing::ElementsAre;

constexpr auto documented_cart = R"({
    "shopping_cart": {
      "id": "cart_8f3k2m",
      "profile_id": "prof_abc123",
      "currency": "EUR",
      "price": "134.95",
      "recovery_url": "https://example-store.com/cart/recover/8f3k2m?token=rec_tk_a1b2c3",
      "recovery_token": "rec_tk_a1b2c3",
      "custom_attributes": [
        {
          "name": "cart_source",
          "string_value": "mobile_app"
        }
      ]
    }
  })";

constexpr auto documented_answer = R"({
  "id": "cart_8f3k2m",
  "profile_id": "prof_abc123",
  "product_ids": [],
  "currency": "EUR",
  "price": "134.95",
  "deleted": false,
  "created_at": "2026-03-15T14:22:00Z",
  "updated_at": "2026-03-15T14:22:00Z",
  "custom_attributes": [{"name": "cart_source", "string_value": "mobile_app"}]
})";

std::string cart_with(std::string_view further = {}) {
  return fmt::format(R"("customer":{{"id":"prof_abc123"}},
      "cart":{{"id":"cart_8f3k2m","currency":"EUR","total":"134.95",
              "recovery_url":"https://example-store.com/cart/recover/8f3k2m?token=rec_tk_a1b2c3",
              "recovery_token":"rec_tk_a1b2c3","attributes":{{"cart_source":"mobile_app"}}{}}})",
                     further);
}

TEST(documented_calls, put_the_cart_then_the_product) {
  const auto what =
      make_event("cart.item_added", "{" + cart_with() + R"(,"item":{"product_id":"prod_running_shoes"}})");
  const auto where = shop();
  const auto log = run(*where, {{what, {}}}, {answer(200, documented_answer), answer(200)});

  EXPECT_THAT(lines(log.requests), ElementsAre("PUT ", "PUT /cart_8f3k2m/products/prod_running_shoes"));
  EXPECT_EQ(log.requests[0].target, "https://app.reloadify.com/api/v2/languages/en/shopping_carts");
  EXPECT_EQ(log.requests[0].body, compact(documented_cart));
  EXPECT_EQ(header(log.requests[0], "Authorization"), "Bearer s3cret");
  EXPECT_EQ(header(log.requests[0], "Content-Type"), "application/json");
  EXPECT_EQ(log.requests[1].body, "");
  EXPECT_EQ(header(log.requests[1], "Authorization"), "Bearer s3cret");
  EXPECT_EQ(log.judgements.front().what, verdict::delivered);
}

TEST(documented_calls, take_a_product_out) {
  const auto what =
      make_event("cart.item_removed", "{" + cart_with() + R"(,"item":{"product_id":"prod_leather_belt"}})");
  const auto where = shop();
  const auto log = run(*where, {{what, {}}}, {answer(200, documented_answer), answer(204)});
  EXPECT_THAT(lines(log.requests), ElementsAre("PUT ", "DELETE /cart_8f3k2m/products/prod_leather_belt"));
  EXPECT_EQ(log.requests[0].body, compact(documented_cart));
  EXPECT_EQ(log.judgements.front().what, verdict::delivered);
}

TEST(documented_calls, ask_for_the_products_of_a_cart_that_is_not_known) {
  const auto what = make_event(
      "cart.updated",
      "{" +
          cart_with(R"(,"items":[{"product_id":"prod_wool_sweater"},{"product_id":"prod_running_shoes"}])") +
          "}");
  const auto where = shop();
  const auto list = answer(200, R"({"data":[{"id":"prod_wool_sweater"},{"id":"prod_leather_belt"}]})");
  const auto log =
      run(*where, {{what, {}}}, {list, answer(200, documented_answer), answer(200), answer(204)});
  EXPECT_THAT(lines(log.requests),
              ElementsAre("GET /cart_8f3k2m/products", "PUT ", "PUT /cart_8f3k2m/products/prod_running_shoes",
                          "DELETE /cart_8f3k2m/products/prod_leather_belt"));
  EXPECT_EQ(log.requests[1].body, compact(documented_cart));
  EXPECT_EQ(log.judgements.front().what, verdict::delivered);
}

TEST(documented_calls, delete_the_cart) {
  const auto where = shop();
  const auto log =
      run(*where, {{make_event("cart.deleted", R"({"cart":{"id":"cart_8f3k2m"}})"), {}}}, {answer(204)});
  EXPECT_THAT(lines(log.requests), ElementsAre("DELETE /cart_8f3k2m"));
  EXPECT_EQ(log.requests[0].body, "");
  EXPECT_EQ(log.judgements.front().what, verdict::delivered);
}

TEST(documented_calls, delete_the_cart_of_a_paid_order) {
  const auto what = make_event("order.paid", R"({"order":{"id":"o-1","cart_id":"cart_8f3k2m","currency":"EUR",
      "total":"134.95","items":[]}})");
  const auto where = shop({{"delete_cart_on_order_paid", true}});
  const auto log = run(*where, {{what, {}}}, {answer(204)});
  EXPECT_THAT(lines(log.requests), ElementsAre("DELETE /cart_8f3k2m"));
}

}  // namespace
}  // namespace cartrelay::destinations::reloadify::test
