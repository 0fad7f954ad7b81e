#include "bench/load/shop_events.hpp"

#include "destinations/registry.hpp"
#include "event/parse.hpp"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

namespace cartrelay::bench {
namespace {

const base::timestamp now = *base::parse_rfc3339("2026-03-15T14:23:00Z");

/// By the daemon's strictest rules.
std::vector<event::event> parsed(const shop_events& events, std::uint64_t first, std::uint64_t count) {
  event::options rules;
  rules.refs = destinations::known_refs();
  std::string lines;
  for (std::uint64_t i = 0; i < count; ++i) {
    events.append(lines, first + i);
    lines += '\n';
  }
  auto read = event::parse_body(lines, event::encoding::ndjson, count, now, rules);
  if (!read)
    throw std::logic_error(read.error().list.front().pointer + ": " + read.error().list.front().detail);
  return std::move(*read);
}

TEST(shop_events, are_valid_and_about_a_kilobyte) {
  const shop_events events({}, "t");
  std::set<std::string> ids;
  std::size_t bytes = 0;
  for (const auto& each : parsed(events, 0, 2048)) {
    ids.emplace(each.id);
    bytes += each.json.size();
  }
  EXPECT_EQ(ids.size(), 2048u);
  EXPECT_NEAR(static_cast<double>(bytes) / 2048, 1150, 200);
}

TEST(shop_events, every_template_is_valid) {
  for (const auto* type : {"product.viewed", "cart.item_added", "cart.updated", "order.created", "order.paid",
                           "order.delivered"})
    EXPECT_EQ(to_string(parsed(shop_events(type, "t"), 5, 1).front().type), type);
  EXPECT_THROW(shop_events("order.payed", "t"), std::invalid_argument);
}

TEST(shop_events, a_visit_is_one_customer_and_one_cart_from_the_first_page_to_the_order) {
  const shop_events events("product.viewed,cart.updated=2,order.paid", "t");
  const auto all = parsed(events, 0, 256);
  const auto &first = all[3], &cart = all[3 + 64], &order = all[3 + 192];
  EXPECT_EQ(first.data.customer->id, order.data.customer->id);
  EXPECT_EQ(cart.data.cart->id, *order.data.order->cart_id);
  EXPECT_NE(all[4].data.customer->id, first.data.customer->id);
  EXPECT_EQ(events.id(3), first.id);
}

}  // namespace
}  // namespace cartrelay::bench
