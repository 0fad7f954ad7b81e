#include "shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::destinations::reloadify::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string key = "cart-products:en/k-1";
/// The cart is there, and nobody knows what it holds.
const memory unknown{{key, "null"}};

/// What is known once an attempt is over, given what was.
struct outcome_of {
  std::vector<std::string> calls;
  memory after;
  std::vector<memory_change> before;
};

void remember(memory& to, const std::vector<memory_change>& changes) {
  for (const auto& one : changes) {
    if (one.value)
      to[one.key] = *one.value;
    else
      to.erase(one.key);
  }
}

outcome_of attempt(const event::event_ptr& what, memory known, std::vector<http::outcome> outcomes) {
  const auto where = shop({{"delete_cart_on_order_paid", true}});
  const auto one = where->begin({{what, {}}}, known);
  outcome_of out{{}, std::move(known), one->changes_before()};
  remember(out.after, out.before);
  std::vector<http::request> calls;
  auto coming = outcomes.begin();
  while (auto call = one->next(now)) {
    calls.push_back(*call);
    EXPECT_NE(coming, outcomes.end()) << call->target;
    if (coming == outcomes.end()) break;
    one->take(*coming++);
  }
  EXPECT_EQ(coming, outcomes.end());
  remember(out.after, one->changes());
  out.calls = lines(calls);
  return out;
}

TEST(snapshot, of_an_unknown_cart_asks_first) {
  const auto done =
      attempt(snapshot({"a", "b"}), {},
              {answer(200, R"({"data":[{"id":"b"},{"id":"c"}]})"), answer(200), answer(200), answer(204)});
  EXPECT_THAT(done.calls,
              ElementsAre("GET /k-1/products", "PUT ", "PUT /k-1/products/a", "DELETE /k-1/products/c"));
  EXPECT_EQ(done.after, (memory{{key, R"(["a","b"])"}}));
}

TEST(snapshot, passes_over_a_byte_order_mark_before_the_list) {
  const auto done =
      attempt(snapshot({"a"}), {}, {answer(200, "\xef\xbb\xbf{\"data\":[{\"id\":\"a\"}]}"), answer(200)});
  EXPECT_THAT(done.calls, ElementsAre("GET /k-1/products", "PUT "));
}

/// A vendor, or a proxy before it, takes `…/products/%2E%2E` for the cart itself.
TEST(snapshot, removes_nothing_that_no_path_can_hold) {
  const auto list = answer(200, R"({"data":[{"id":".."},{"id":"."},{"id":""},{"id":"b"}]})");
  const auto done = attempt(snapshot({"a"}), {}, {list, answer(200), answer(200), answer(204)});
  EXPECT_THAT(done.calls,
              ElementsAre("GET /k-1/products", "PUT ", "PUT /k-1/products/a", "DELETE /k-1/products/b"));
  EXPECT_EQ(done.after, (memory{{key, R"(["a"])"}}));
}

TEST(snapshot, of_a_cart_that_the_vendor_does_not_have_is_all_new) {
  const auto done = attempt(snapshot({"b", "a"}), {}, {answer(404), answer(200), answer(200), answer(200)});
  EXPECT_THAT(done.calls,
              ElementsAre("GET /k-1/products", "PUT ", "PUT /k-1/products/b", "PUT /k-1/products/a"));
}

TEST(snapshot, of_a_known_cart_sends_the_difference) {
  const auto done = attempt(snapshot({"a", "d"}), {{key, R"(["a","b","c"])"}},
                            {answer(200), answer(200), answer(404), answer(204)});
  EXPECT_THAT(done.calls,
              ElementsAre("PUT ", "PUT /k-1/products/d", "DELETE /k-1/products/b", "DELETE /k-1/products/c"));
  EXPECT_EQ(done.after, (memory{{key, R"(["a","d"])"}}));
}

TEST(snapshot, without_a_difference_is_one_call_and_needs_nothing_written_before) {
  const auto done = attempt(snapshot({"b", "a", "a"}), {{key, R"(["a","b"])"}}, {answer(200)});
  EXPECT_THAT(done.calls, ElementsAre("PUT "));
  EXPECT_THAT(done.before, IsEmpty());
  EXPECT_EQ(done.after, (memory{{key, R"(["a","b"])"}}));
}

TEST(snapshot, of_an_emptied_cart_removes_everything) {
  const auto done = attempt(snapshot({}), {{key, R"(["a"])"}}, {answer(200), answer(204)});
  EXPECT_THAT(done.calls, ElementsAre("PUT ", "DELETE /k-1/products/a"));
  EXPECT_EQ(done.after, (memory{{key, "[]"}}));
}

TEST(snapshot, names_a_product_once) {
  const auto done = attempt(snapshot({"a", "a"}), {{key, "[]"}}, {answer(200), answer(200)});
  EXPECT_THAT(done.calls, ElementsAre("PUT ", "PUT /k-1/products/a"));
}

TEST(snapshot, makes_the_products_unknown_before_it_changes_anything) {
  const auto done = attempt(snapshot({"a"}), {{key, "[]"}}, {answer(200), answer(200)});
  ASSERT_EQ(done.before.size(), 1U);
  EXPECT_EQ(done.before[0].key, key);
  EXPECT_EQ(done.before[0].value, "null");
}

TEST(snapshot, half_sent_makes_the_products_unknown) {
  const auto done = attempt(snapshot({"a", "b"}), {{key, "[]"}}, {answer(200), answer(200), answer(503)});
  EXPECT_EQ(done.after, unknown);
}

TEST(snapshot, whose_first_product_call_failed_makes_the_products_unknown) {
  const auto done = attempt(snapshot({"a"}), {{key, "[]"}}, {answer(200), failed(http::stage::sent)});
  EXPECT_EQ(done.after, unknown);
}

TEST(snapshot, that_failed_before_its_products_leaves_what_was_known) {
  const auto done = attempt(snapshot({"a"}), {{key, R"(["b"])"}}, {answer(503)});
  EXPECT_EQ(done.after, (memory{{key, R"(["b"])"}}));
}

TEST(snapshot, that_failed_while_unknown_stays_unknown) {
  const auto list = answer(200, R"({"data":[]})");
  EXPECT_EQ(attempt(snapshot({"a"}), {}, {answer(500)}).after, memory{}) << "asking puts no cart there";
  EXPECT_EQ(attempt(snapshot({"a"}), unknown, {answer(500)}).after, unknown);
  EXPECT_EQ(attempt(snapshot({"a"}), {}, {list, answer(500)}).after, unknown);
  EXPECT_EQ(attempt(snapshot({"a"}), {}, {list, answer(200), answer(500)}).after, unknown);
}

TEST(snapshot, of_a_cart_whose_place_alone_is_known_asks_first) {
  const auto done = attempt(snapshot({"a"}), unknown,
                            {answer(200, R"({"data":[{"id":"b"}]})"), answer(200), answer(200), answer(204)});
  EXPECT_THAT(done.calls,
              ElementsAre("GET /k-1/products", "PUT ", "PUT /k-1/products/a", "DELETE /k-1/products/b"));
  EXPECT_THAT(done.before, IsEmpty());
  EXPECT_EQ(done.after, (memory{{key, R"(["a"])"}}));
}

TEST(snapshot, does_not_believe_a_memory_it_cannot_read) {
  for (const auto* broken : {"", "x", "{}", "[1]", R"({"data":[]})"}) {
    const auto done = attempt(snapshot({}), {{key, broken}}, {answer(404), answer(200)});
    EXPECT_THAT(done.calls, ElementsAre("GET /k-1/products", "PUT ")) << broken;
    EXPECT_EQ(done.after, (memory{{key, "[]"}}));
  }
}

TEST(snapshot, reads_ids_that_the_vendor_lists_as_numbers) {
  const auto done =
      attempt(snapshot({"7", "8"}), {},
              {answer(200, R"({"data":[{"id":7,"name":"x"}],"meta":{}})"), answer(200), answer(200)});
  EXPECT_THAT(done.calls, ElementsAre("GET /k-1/products", "PUT ", "PUT /k-1/products/8"));
}

TEST(snapshot, keeps_ids_of_any_alphabet) {
  const auto done = attempt(snapshot({"синьо", "日本"}), {{key, R"(["синьо"])"}}, {answer(200), answer(200)});
  EXPECT_THAT(done.calls, ElementsAre("PUT ", "PUT /k-1/products/%E6%97%A5%E6%9C%AC"));
  EXPECT_EQ(done.after, (memory{{key, R"(["синьо","日本"])"}}));
}

TEST(single_items, change_what_is_known) {
  EXPECT_EQ(
      attempt(item_event("cart.item_added", "b"), {{key, R"(["a"])"}}, {answer(200), answer(200)}).after,
      (memory{{key, R"(["a","b"])"}}));
  EXPECT_EQ(
      attempt(item_event("cart.item_removed", "a"), {{key, R"(["a"])"}}, {answer(200), answer(404)}).after,
      (memory{{key, "[]"}}));
}

TEST(single_items, of_an_unknown_cart_tell_where_it_is_and_not_what_it_holds) {
  for (const auto& known : {memory{}, unknown}) {
    const auto done = attempt(item_event("cart.item_added", "b"), known, {answer(200), answer(200)});
    EXPECT_THAT(done.calls, ElementsAre("PUT ", "PUT /k-1/products/b"));
    EXPECT_EQ(done.after, unknown);
    EXPECT_THAT(done.before, IsEmpty());
  }
  EXPECT_EQ(attempt(item_event("cart.item_removed", "b"), {}, {failed(http::stage::sent)}).after, unknown);
}

TEST(single_items, make_the_products_unknown_before_they_change_anything_and_when_they_fail) {
  const auto done =
      attempt(item_event("cart.item_removed", "a"), {{key, R"(["a"])"}}, {answer(200), answer(500)});
  EXPECT_EQ(done.before.size(), 1U);
  EXPECT_EQ(done.after, unknown);
}

TEST(single_items, that_change_nothing_endanger_nothing) {
  const auto done =
      attempt(item_event("cart.item_added", "a"), {{key, R"(["a"])"}}, {answer(200), answer(500)});
  EXPECT_THAT(done.calls, ElementsAre("PUT ", "PUT /k-1/products/a")) << "the shop says so, so it is said";
  EXPECT_EQ(done.after, (memory{{key, R"(["a"])"}}));
}

/// Two deliveries of one cart at the same time, which different partition keys allow.
TEST(carts, that_two_deliveries_change_at_once_are_unknown_afterwards) {
  const auto where = shop();
  const memory was{{key, R"(["x"])"}};
  const auto first = where->begin({{snapshot({"a"}), {}}}, was);
  const auto second = where->begin({{snapshot({"b"}), {}}}, was);
  const auto other = where->begin(
      {{make_event("cart.updated", R"({"customer":{"id":"c"},"cart":{"id":"k-2","items":[]}})"), {}}},
      {{"cart-products:en/k-2", "[]"}});
  memory after = was;
  for (const auto& one : {std::cref(first), std::cref(second)}) {
    while (one.get()->next(now))
      one.get()->take(answer(200));
    remember(after, one.get()->changes());
    EXPECT_EQ(after, unknown);
  }
  EXPECT_TRUE(other->next(now));
  other->take(answer(200));
  EXPECT_EQ(other->changes()[0].value, "[]") << "another cart";
}

TEST(carts, are_known_again_once_one_delivery_has_them_for_itself) {
  const auto where = shop();
  const auto anew = [&] { return where->begin({{snapshot({"a"}), {}}}, {{key, R"(["a"])"}}); };
  auto first = anew(), second = anew();
  first.reset();
  second.reset();
  const auto alone = anew();
  EXPECT_TRUE(alone->next(now));
  alone->take(answer(200));
  EXPECT_EQ(alone->changes()[0].value, R"(["a"])");
}

TEST(deletion, that_was_mixed_with_a_change_keeps_the_place) {
  const auto where = shop();
  const auto change = where->begin({{item_event("cart.item_added", "a"), {}}}, unknown);
  const auto gone = where->begin({{make_event("cart.deleted", R"({"cart":{"id":"k-1"}})"), {}}}, unknown);
  EXPECT_TRUE(gone->next(now));
  gone->take(answer(204));
  EXPECT_EQ(gone->changes()[0].value, "null");
}

TEST(deletion, forgets) {
  const auto cart = make_event("cart.deleted", R"({"cart":{"id":"k-1"}})");
  const auto paid =
      make_event("order.paid", R"({"order":{"id":"o","cart_id":"k-1","currency":"EUR","total":"1",
      "items":[]}})");
  for (const auto& what : {cart, paid}) {
    EXPECT_EQ(attempt(what, {{key, R"(["a"])"}}, {answer(204)}).after, memory{});
    EXPECT_EQ(attempt(what, {{key, R"(["a"])"}}, {answer(404)}).after, memory{});
    EXPECT_EQ(attempt(what, {}, {answer(503)}).after, memory{});
  }
}

TEST(deletion, that_failed_leaves_the_cart_known_but_not_its_products) {
  const auto what = make_event("cart.deleted", R"({"cart":{"id":"k-1"}})");
  EXPECT_EQ(attempt(what, {{key, R"(["a"])"}}, {failed(http::stage::sent)}).after, unknown);
  EXPECT_EQ(attempt(what, unknown, {answer(204)}).after, memory{});
  EXPECT_THAT(attempt(snapshot({}), unknown, {answer(404), answer(200)}).calls,
              ElementsAre("GET /k-1/products", "PUT "));
}

}  // namespace
}  // namespace cartrelay::destinations::reloadify::test
