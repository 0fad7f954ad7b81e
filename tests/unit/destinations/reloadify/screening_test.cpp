#include "shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::destinations::reloadify::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using outcome = screening::outcome;

const settings deletes{{"delete_cart_on_order_paid", true}};

event::event_ptr paid(std::string_view further) {
  return make_event(
      "order.paid",
      fmt::format(R"({{"order":{{"id":"o-1","currency":"EUR","total":"1","items":[]{}}}}})", further));
}

TEST(screening, lets_carts_of_known_customers_through) {
  EXPECT_EQ(shop()->screen(*snapshot({"a"})).what, outcome::send);
  EXPECT_EQ(shop()->screen(*item_event("cart.item_added", "a")).what, outcome::send);
  EXPECT_EQ(shop()->screen(*item_event("cart.item_removed", "a")).what, outcome::send);
}

TEST(screening, needs_the_customers_id) {
  for (const auto* customer : {R"("customer":{"email":"a@b.bg"},)", ""}) {
    const auto what =
        make_event("cart.updated", fmt::format(R"({{{}"cart":{{"id":"k-1","items":[]}}}})", customer));
    const auto told = shop()->screen(*what);
    EXPECT_EQ(told.what, outcome::unmappable);
    EXPECT_THAT(told.detail, HasSubstr("/data/customer/id"));
  }
}

TEST(screening, needs_no_customer_to_delete) {
  EXPECT_EQ(shop()->screen(*make_event("cart.deleted", R"({"cart":{"id":"k-1"}})")).what, outcome::send);
  EXPECT_EQ(shop(deletes)->screen(*paid(R"(,"cart_id":"k-1")")).what, outcome::send);
}

TEST(screening, skips_paid_orders_unless_told_to_delete_their_carts) {
  const auto told = shop()->screen(*paid(R"(,"cart_id":"k-1")"));
  EXPECT_EQ(told.what, outcome::skipped);
  EXPECT_EQ(told.reason, "cart_kept");
}

TEST(screening, skips_paid_orders_without_a_cart) {
  const auto told = shop(deletes)->screen(*paid(""));
  EXPECT_EQ(told.what, outcome::skipped);
  EXPECT_EQ(told.reason, "no_cart");
}

TEST(screening, needs_a_language) {
  const auto given = settings{{"language", std::string()}, {"languages", std::vector<std::string>{"bg"}}};
  EXPECT_EQ(shop(given)->screen(*snapshot({})).what, outcome::unmappable);
  EXPECT_EQ(shop(given)->screen(*snapshot({}, R"("session":{"language":"fr"},)")).what, outcome::unmappable);
  EXPECT_EQ(shop(given)->screen(*snapshot({}, R"("session":{"language":"bg"},)")).what, outcome::send);
}

TEST(screening, refuses_ids_that_a_path_resolves_away) {
  EXPECT_EQ(shop()->screen(*snapshot({"a", ".."})).what, outcome::unmappable);
  EXPECT_EQ(shop()->screen(*item_event("cart.item_added", ".")).what, outcome::unmappable);
  EXPECT_EQ(shop()->screen(*make_event("cart.deleted", R"({"cart":{"id":".."}})")).what, outcome::unmappable);
  EXPECT_EQ(shop(deletes)->screen(*paid(R"(,"cart_id":"..")")).what, outcome::unmappable);
  EXPECT_EQ(shop()->screen(*snapshot({"..."})).what, outcome::send);
}

TEST(screening, skips_types_that_mean_nothing_here) {
  const auto what = make_event("page.viewed", R"({"page":{"url":"https://a.bg"}})");
  EXPECT_EQ(shop()->screen(*what).what, outcome::skipped);
  EXPECT_FALSE(shop()->order_keys(*what).empty());
  EXPECT_TRUE(shop()->memory_keys(*what).empty());
}

TEST(order_keys, are_the_cart) {
  EXPECT_THAT(shop()->order_keys(*snapshot({})), ElementsAre("cart:k-1"));
  EXPECT_THAT(shop()->order_keys(*paid(R"(,"cart_id":"k-1")")), ElementsAre("cart:k-1"));
  EXPECT_THAT(shop()->order_keys(*paid("")), ElementsAre("order:o-1"));
}

TEST(supersedes, only_by_snapshots) {
  EXPECT_TRUE(shop()->supersedes(*snapshot({})));
  EXPECT_FALSE(shop()->supersedes(*item_event("cart.item_added", "a")));
  EXPECT_FALSE(shop()->supersedes(*make_event("cart.deleted", R"({"cart":{"id":"k-1"}})")));
}

TEST(cart_place, is_the_language) {
  const settings two{{"languages", std::vector<std::string>{"bg", "ro"}}};
  EXPECT_EQ(shop()->cart_place(*snapshot({})), "en");
  EXPECT_EQ(shop(two)->cart_place(*snapshot({}, R"("session":{"language":"ro-RO"},)")), "ro");
  EXPECT_EQ(shop(two)->cart_place(*snapshot({}, R"("session":{"language":"bg"},)")), "bg");
}

TEST(memory_keys, are_one_per_cart_and_language) {
  EXPECT_THAT(shop()->memory_keys(*snapshot({})), ElementsAre("cart-products:en/k-1"));
  EXPECT_THAT(shop()->memory_keys(*paid("")), ElementsAre());
}

}  // namespace
}  // namespace cartrelay::destinations::reloadify::test
