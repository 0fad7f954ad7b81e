#include "tests/contract/queue/engines.hpp"

namespace cartrelay::queue::testing {
namespace {

class search_contract : public engine_contract {
 protected:
  void with_orders(client& queue) {
    with_destinations(queue);
    const auto stored =
        queue.append({order_event("1", "A-1", "Ann@example.com", {a_, b_}),
                      order_event("2", "A-2", "bob@example.com", {a_}),
                      order_event("3", "A-1", "bob@example.com", {b_}), plain_event("4", {})});
    ASSERT_TRUE(stored);
  }
};

std::vector<sequence> found(const receipt_page& page) {
  std::vector<sequence> out;
  for (const auto& each : page.receipts)
    out.push_back(each.event.number);
  return out;
}

receipt_query by(index_kind kind, const std::string& value) {
  receipt_query out;
  out.terms = {{kind, value}};
  return out;
}

TEST_P(search_contract, everything_is_newest_first) {
  auto queue = open();
  with_orders(queue);
  const auto page = queue.search({});
  EXPECT_EQ(found(page), (std::vector<sequence>{4, 3, 2, 1}));
  EXPECT_FALSE(page.next);
  EXPECT_EQ(page.receipts.back().lines.size(), 2u);
}

TEST_P(search_contract, finds_by_term) {
  auto queue = open();
  with_orders(queue);
  EXPECT_EQ(found(queue.search(by(index_kind::order, "A-1"))), (std::vector<sequence>{3, 1}));
  EXPECT_EQ(found(queue.search(by(index_kind::customer, "bob@example.com"))), (std::vector<sequence>{3, 2}));
  EXPECT_EQ(found(queue.search(by(index_kind::customer, "ann@EXAMPLE.com"))), (std::vector<sequence>{1}));
  EXPECT_TRUE(found(queue.search(by(index_kind::cart, "A-1"))).empty());
  auto both = by(index_kind::order, "A-1");
  both.terms.push_back({index_kind::customer, "bob@example.com"});
  EXPECT_EQ(found(queue.search(both)), (std::vector<sequence>{3}));
}

TEST_P(search_contract, an_id_is_what_it_is_and_an_address_whatever_its_case) {
  auto queue = open();
  const auto cart = [](const std::string& id, const std::string& customer) {
    return parsed_event(R"({"id":")" + id +
                            R"(","source":"shop","type":"cart.deleted","data":{"cart":{"id":")" + id +
                            R"("},"customer":)" + customer + "}}",
                        {});
  };
  ASSERT_TRUE(queue.append({cart("Cart", R"({"id":"Cust1"})"), cart("cART", R"({"id":"cUST1"})"),
                            cart("3", R"({"email":" Ann@example.com "})"), order_event("4", "Order", "x", {}),
                            order_event("5", "oRDER", "x", {})}));
  EXPECT_EQ(found(queue.search(by(index_kind::customer, "Cust1"))), (std::vector<sequence>{1}));
  EXPECT_EQ(found(queue.search(by(index_kind::cart, "cART"))), (std::vector<sequence>{2}));
  EXPECT_EQ(found(queue.search(by(index_kind::order, "Order"))), (std::vector<sequence>{4}));
  EXPECT_TRUE(found(queue.search(by(index_kind::order, "order"))).empty());
  EXPECT_EQ(found(queue.search(by(index_kind::customer, "ann@EXAMPLE.com"))), (std::vector<sequence>{3}));
  EXPECT_EQ(found(queue.search(by(index_kind::customer, " Ann@example.com "))), (std::vector<sequence>{3}));
}

TEST_P(search_contract, finds_by_subject) {
  auto queue = open();
  const auto about = [](const std::string& id, const std::string& subject) {
    return parsed_event(R"({"id":")" + id + R"(","source":"shop","type":"page.viewed","subject":")" +
                            subject + R"(","data":{"page":{"url":"/"}}})",
                        {});
  };
  ASSERT_TRUE(queue.append({about("1", "Order 17"), about("2", "order 17"), about("3", "Order 17"),
                            order_event("4", "Order 17", "x", {})}));
  EXPECT_EQ(found(queue.search(by(index_kind::subject, "Order 17"))), (std::vector<sequence>{3, 1}));
  EXPECT_TRUE(found(queue.search(by(index_kind::subject, "Order 1"))).empty());
}

TEST_P(search_contract, what_an_index_claims_is_compared_with_the_event) {
  auto queue = open();
  auto wrong = order_event("1", "A-1", "ann@example.com", {});
  wrong.terms.push_back({index_kind::order, "A-2"});
  ASSERT_TRUE(queue.append({wrong}));
  EXPECT_TRUE(found(queue.search(by(index_kind::order, "A-2"))).empty());
}

TEST_P(search_contract, finds_by_type_time_and_destination) {
  auto queue = open();
  with_orders(queue);
  receipt_query query;
  query.type = event::event_type::page_viewed;
  EXPECT_EQ(found(queue.search(query)), (std::vector<sequence>{4}));
  query = {};
  query.destination = b_;
  EXPECT_EQ(found(queue.search(query)), (std::vector<sequence>{3, 1}));
  query = {};
  query.since = start() + std::chrono::seconds(1);
  EXPECT_TRUE(found(queue.search(query)).empty());
  query.since = start();
  EXPECT_EQ(found(queue.search(query)).size(), 4u);
  query.until = start();
  EXPECT_TRUE(found(queue.search(query)).empty());
}

TEST_P(search_contract, finds_by_state_at_any_or_one_destination) {
  auto queue = open();
  with_orders(queue);
  ASSERT_TRUE(queue.commit(held_, up_to(2, {ended(1)}, {waiting(2)})));
  receipt_query query;
  query.state = "delivered";
  EXPECT_EQ(found(queue.search(query)), (std::vector<sequence>{1}));
  query.destination = b_;
  EXPECT_TRUE(found(queue.search(query)).empty());
  query.state = "pending";
  EXPECT_EQ(found(queue.search(query)), (std::vector<sequence>{3, 1}));
  query = {};
  query.state = "retrying";
  EXPECT_EQ(found(queue.search(query)), (std::vector<sequence>{2}));
}

TEST_P(search_contract, goes_page_by_page) {
  auto queue = open();
  with_orders(queue);
  for (const bool by_term : {false, true}) {
    auto query = by_term ? by(index_kind::order, "A-1") : receipt_query();
    query.limit = 1;
    std::vector<sequence> all;
    for (int pages = 0; pages < 10; ++pages) {
      const auto page = queue.search(query);
      for (const auto number : found(page))
        all.push_back(number);
      query.before = page.next;
      if (!page.next) break;
    }
    EXPECT_EQ(all, by_term ? (std::vector<sequence>{3, 1}) : (std::vector<sequence>{4, 3, 2, 1}));
  }
}

TEST_P(search_contract, goes_on_over_long_stretches_without_a_match) {
  auto queue = open();
  ASSERT_TRUE(queue.append({order_event("0", "A-1", "ann@example.com", {})}));
  std::vector<new_event> events;
  for (int i = 1; i <= 2000; ++i)
    events.push_back(plain_event(std::to_string(i), {}));
  ASSERT_TRUE(queue.append(std::move(events)));
  receipt_query query;
  query.type = event::event_type::order_cancelled;
  EXPECT_EQ(found(queue.search(query)), (std::vector<sequence>{1}));
}

FOR_EVERY_ENGINE(search_contract);

}  // namespace
}  // namespace cartrelay::queue::testing
