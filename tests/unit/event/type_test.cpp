#include "event/type.hpp"

#include <gtest/gtest.h>

#include <set>

namespace cartrelay::event {
namespace {

TEST(event_type, names_and_numbers_are_fixed_for_ever) {
  const std::vector<std::pair<int, std::string_view>> catalogue{
      {1, "page.viewed"},       {2, "category.viewed"}, {3, "product.viewed"},   {4, "cart.item_added"},
      {5, "cart.item_removed"}, {6, "cart.updated"},    {7, "cart.deleted"},     {8, "order.created"},
      {9, "order.updated"},     {10, "order.paid"},     {11, "order.delivered"}, {12, "order.cancelled"}};
  ASSERT_EQ(catalogue.size(), all_event_types.size());
  for (const auto& [number, name] : catalogue) {
    EXPECT_EQ(to_string(static_cast<event_type>(number)), name);
    EXPECT_EQ(parse_event_type(name), static_cast<event_type>(number));
  }
}

TEST(event_type, nothing_else_is_one) {
  for (const char* name : {"", "order", "order.", "ORDER.PAID", "order.paid ", "unknown"})
    EXPECT_FALSE(parse_event_type(name)) << name;
  EXPECT_EQ(to_string(static_cast<event_type>(0)), "unknown");
  EXPECT_EQ(to_string(static_cast<event_type>(99)), "unknown");
}

TEST(event_type, knows_orders_and_carts) {
  int orders = 0, carts = 0;
  for (const auto type : all_event_types) {
    orders += is_order(type);
    carts += is_cart(type);
    EXPECT_EQ(is_order(type), to_string(type).starts_with("order."));
    EXPECT_EQ(is_cart(type), to_string(type).starts_with("cart."));
  }
  EXPECT_EQ(orders, 5);
  EXPECT_EQ(carts, 4);
}

}  // namespace
}  // namespace cartrelay::event
