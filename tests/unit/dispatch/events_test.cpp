#include "dispatch/event_cache.hpp"
#include "dispatch/event_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::dispatch {
namespace {

using event::event_type;
using testing::SizeIs;

class two_keys final : public destinations::destination {
 public:
  destinations::screening screen(const event::event& what) const override {
    destinations::screening out;
    if (what.id == "skip") out.what = destinations::screening::outcome::skipped;
    return out;
  }
  std::vector<std::string> order_keys(const event::event& what) const override {
    const auto key = [](std::string kind, event::text id) { return kind.append(id ? *id : "none"); };
    if (const auto& order = what.data.order) return {key("order:", order->id), key("cart:", order->cart_id)};
    if (const auto& cart = what.data.cart) return {key("cart:", cart->id), key("cart:", cart->id)};
    return {key("event:", what.id)};
  }
  bool supersedes(const event::event& what) const override { return what.type == event_type::cart_updated; }
  std::string cart_place(const event::event& what) const override {
    return what.data.session ? std::string(*what.data.session->language) : std::string();
  }
  std::size_t encoded_size(const event::event& what) const override { return what.id.size(); }
  std::unique_ptr<destinations::delivery> begin(std::vector<destinations::delivery_event>,
                                                destinations::memory) override {
    return nullptr;
  }
};

/// The ids outlive it.
event::event of(event_type type, std::string_view order, std::string_view cart) {
  event::event out;
  out.id = "12345";
  out.type = type;
  if (event::is_order(type)) {
    out.data.order.emplace().id = order;
    if (!cart.empty()) out.data.order->cart_id = cart;
  } else if (event::is_cart(type)) {
    out.data.cart.emplace().id = cart;
  }
  return out;
}

TEST(event_plan, says_what_the_scheduler_has_to_know) {
  const two_keys where;
  const auto order = make_plan(where, of(event_type::order_paid, "7", "c"));
  const auto snapshot = make_plan(where, of(event_type::cart_updated, "", "c"));
  const auto item = make_plan(where, of(event_type::cart_item_added, "", "c"));
  const auto deleted = make_plan(where, of(event_type::cart_deleted, "", "c"));
  const auto view = make_plan(where, of(event_type::page_viewed, "", ""));

  EXPECT_EQ(order.rank, rank::order);
  EXPECT_THAT(order.keys(), SizeIs(2));
  EXPECT_EQ(order.size, 5u);
  EXPECT_TRUE(order.boundary);
  EXPECT_EQ(order.cart_id, snapshot.cart_id);
  EXPECT_TRUE(order.shares_key(snapshot));

  EXPECT_EQ(snapshot.rank, rank::cart);
  EXPECT_THAT(snapshot.keys(), SizeIs(1)) << "the same key twice is one";
  EXPECT_TRUE(snapshot.snapshot);
  EXPECT_TRUE(snapshot.replaceable);
  EXPECT_FALSE(snapshot.boundary);

  EXPECT_EQ(item.cart, snapshot.cart);
  EXPECT_TRUE(item.replaceable);
  EXPECT_FALSE(item.snapshot);
  EXPECT_TRUE(deleted.boundary);
  EXPECT_FALSE(deleted.replaceable);

  EXPECT_EQ(view.rank, rank::view);
  EXPECT_EQ(view.cart_id, 0u);
  EXPECT_FALSE(view.shares_key(order));
}

TEST(event_plan, the_same_id_elsewhere_is_another_cart) {
  const two_keys where;
  const auto plan = [&](std::string_view source, std::string_view language, std::string_view id = "5") {
    auto what = of(event_type::cart_updated, "", id);
    what.source = source;
    if (!language.empty()) what.data.session.emplace().language = language;
    return make_plan(where, what);
  };
  const auto first = plan("shop/bg", "bg");
  EXPECT_EQ(plan("shop/bg", "bg").cart, first.cart);
  for (const auto& other : {plan("shop/ro", "bg"), plan("shop/bg", "ro"), plan("shop/bg", "")}) {
    EXPECT_NE(other.cart, first.cart);
    EXPECT_EQ(other.cart_id, first.cart_id) << "what bounds one bounds the other";
  }
  EXPECT_NE(plan("shop/bg", "bg", "6").cart_id, first.cart_id);
}

TEST(event_plan, a_partition_key_replaces_the_kinds_keys) {
  const two_keys where;
  auto one = of(event_type::order_paid, "7", "c"), other = of(event_type::page_viewed, "", "");
  one.partition_key = other.partition_key = "p";
  EXPECT_THAT(make_plan(where, one).keys(), SizeIs(1));
  EXPECT_TRUE(make_plan(where, one).shares_key(make_plan(where, other)));
  EXPECT_FALSE(make_plan(where, one).shares_key(make_plan(where, of(event_type::order_paid, "7", "c"))));
}

TEST(event_plan, what_cannot_go_needs_no_keys_and_is_a_boundary_all_the_same) {
  auto order = of(event_type::order_paid, "7", "c");
  order.id = "skip";
  const auto plan = make_plan(two_keys(), order);
  ASSERT_TRUE(plan.obstacle);
  EXPECT_EQ(plan.obstacle->what, destinations::screening::outcome::skipped);
  EXPECT_TRUE(plan.boundary);
  EXPECT_NE(plan.cart_id, 0u);
}

event::event_ptr sized(std::size_t bytes) {
  auto out = std::make_shared<event::event>();
  const auto text = std::make_shared<char[]>(bytes, 'x');
  out->json = {text.get(), bytes};
  out->storage = text;
  return out;
}

TEST(event_cache, keeps_what_was_used_last_within_its_bytes) {
  event_cache subject(12'000);
  subject.add(1, sized(500));
  subject.add(2, sized(500));
  const auto each = subject.bytes() / 2;
  EXPECT_TRUE(subject.find(1));
  for (queue::sequence number = 3; subject.bytes() + each <= 12'000; ++number)
    subject.add(number, sized(500));
  subject.add(100, sized(500));
  EXPECT_TRUE(subject.find(1)) << "it was used after 2";
  EXPECT_FALSE(subject.find(2));
  EXPECT_LE(subject.bytes(), 12'000u);
}

TEST(event_cache, holds_the_newest_however_large_it_is) {
  event_cache subject(1'000);
  subject.add(1, sized(10));
  subject.add(2, sized(5'000));
  EXPECT_FALSE(subject.find(1));
  EXPECT_TRUE(subject.find(2));
  subject.add(2, sized(1));
  EXPECT_EQ(subject.find(2)->json.size(), 5'000u);
}

TEST(event_cache, lets_go_of_what_nobody_used_for_long) {
  event_cache subject(100'000);
  subject.add(1, sized(10));
  subject.add(2, sized(10));
  subject.grow_old();
  EXPECT_TRUE(subject.find(2));
  subject.grow_old();
  EXPECT_FALSE(subject.find(1));
  EXPECT_TRUE(subject.find(2));
  subject.grow_old();
  subject.grow_old();
  EXPECT_FALSE(subject.find(2));
  EXPECT_EQ(subject.bytes(), 0u);
}

}  // namespace
}  // namespace cartrelay::dispatch
