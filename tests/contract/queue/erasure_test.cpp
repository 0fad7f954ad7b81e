#include "tests/contract/queue/engines.hpp"

#include <algorithm>

namespace cartrelay::queue::testing {
namespace {

customer_key by_email(std::string address) {
  return {customer_key::kind::email, std::move(address)};
}

/// What one attempt left, as part of a batch.
attempts shared_attempt(base::timestamp when, std::string answer, std::string batch = "1-1") {
  attempts out;
  out.count = 1;
  out.first = out.last = when;
  out.batch = std::move(batch);
  out.answer = std::move(answer);
  return out;
}

class erasure_contract : public engine_contract {
 protected:
  static std::vector<sequence> erasable(client& queue, erasure_id which) {
    auto found = queue.erasable(which);
    std::sort(found.begin(), found.end());
    return found;
  }
  std::vector<erasure_id> open_ones(client& queue) {
    return *queue.ask<std::vector<erasure_id>>(
        [&](auto then) { queue.raw().open_erasures(std::move(then)); });
  }
  /// The whole of it.
  erasure_counts forget(client& queue, const customer_key& who) {
    const auto which = queue.begin_erasure(who);
    const auto counts = queue.erase_all(which);
    EXPECT_TRUE(queue.finish_erasure(which).clean);
    return counts;
  }
  sequence order(client& queue, const std::string& id, const std::string& email) {
    return queue.append({order_event(id, "order-" + id, email, {a_, b_})})->at(0).number;
  }
  static std::vector<sequence> found(client& queue, const std::string& customer) {
    receipt_query asked;
    asked.terms = {{index_kind::customer, customer}};
    std::vector<sequence> out;
    for (const auto& each : queue.search(asked).receipts)
      out.push_back(each.event.number);
    return out;
  }
  void expect_balance(client& queue, std::uint64_t routed) {
    for (const auto id : {a_, b_}) {
      const auto counts = queue.stats_of(id).counts;
      EXPECT_EQ(counts.routed, routed);
      EXPECT_EQ(counts.backlog() + counts.delivered + counts.discarded + counts.dead_letters, routed);
    }
  }
};

TEST_P(erasure_contract, erases_one_customer_and_no_other) {
  auto queue = open();
  with_destinations(queue);
  for (const auto* id : {"1", "2", "3"})
    order(queue, id, id == std::string("2") ? "ivan@example.com" : "maria@example.com");
  EXPECT_EQ(forget(queue, by_email(" MARIA@example.COM")), (erasure_counts{2, 0, 0, 4, 0}));
  EXPECT_EQ(numbers(queue.read(0)->records), (std::vector<sequence>{2}));
  EXPECT_EQ(queue.read(0)->position, 3u) << "what is gone does not stop a reader";
  EXPECT_TRUE(queue.read(0)->corrupt.empty());
  EXPECT_EQ(numbers(*queue.fetch({1, 2, 3})), (std::vector<sequence>{2}));
  EXPECT_EQ(queue.receipt_of(1).error().code, errc::not_found);
  EXPECT_EQ(queue.receipt_of("shop", "1").error().code, errc::not_found);
  EXPECT_EQ(queue.receipt_of(2)->event.number, 2u);
  EXPECT_TRUE(found(queue, "maria@example.com").empty());
  EXPECT_EQ(found(queue, "ivan@example.com"), (std::vector<sequence>{2}));
  expect_balance(queue, 3);
  EXPECT_EQ(queue.stats_of(a_).counts.discarded, 2u);
  EXPECT_EQ(queue.stats_of(a_).counts.backlog(), 1u);
}

TEST_P(erasure_contract, finds_the_customer_however_their_keys_were_written) {
  auto queue = open();
  with_destinations(queue);
  auto page = [this, number = 0](const std::string& customer) mutable {
    return parsed_event(
        R"({"id":")" + std::to_string(++number) +
            R"(","source":"shop","type":"page.viewed","subject":"s","data":{"page":{"url":"/"},"customer":)" +
            customer + "}}",
        {a_});
  };
  ASSERT_TRUE(
      queue.append({page(R"({"email":" Maria@example.com"})"), page(R"({"email":"maria@example.com  "})"),
                    page(R"({"email":"no address"})"), page(R"({"email":"  "})"), page(R"({"id":" c-17 "})"),
                    page(R"({"id":"c-17"})"), page(R"({"phone":"+35988123456"})")}));
  using kind = customer_key::kind;
  const auto gone = [&](const customer_key& who) { return forget(queue, who).events; };
  EXPECT_EQ(gone(by_email("maria@example.com ")), 2u);
  EXPECT_EQ(gone(by_email("NO address")), 1u);
  EXPECT_EQ(gone(by_email(" ")), 1u);
  EXPECT_EQ(gone({kind::id, "C-17"}), 0u);
  EXPECT_EQ(gone({kind::id, " c-17 "}), 1u);
  EXPECT_EQ(gone({kind::id, "c-17"}), 1u);
  EXPECT_EQ(gone({kind::phone, "+359 (88) 123-456"}), 1u);
  EXPECT_TRUE(queue.read(0)->records.empty());
}

TEST_P(erasure_contract, a_second_time_there_is_nothing_left) {
  auto queue = open();
  with_destinations(queue);
  order(queue, "1", "maria@example.com");
  EXPECT_EQ(forget(queue, by_email("maria@example.com")).events, 1u);
  EXPECT_EQ(forget(queue, by_email("maria@example.com")), erasure_counts());
  expect_balance(queue, 1);
}

TEST_P(erasure_contract, erases_at_every_stage_of_an_events_life) {
  auto queue = open();
  with_destinations(queue);
  for (const auto* id : {"delivered", "dead", "waiting", "new"})
    order(queue, id, "maria@example.com");
  auto done = ended(1);
  done.detail = "said maria";
  done.tries.answer = "maria@example.com is welcome";
  auto dead = ended(2, end_state::dead_letter);
  dead.reason = "rejected";
  dead.evidence = "maria@example.com";
  auto late = waiting(3);
  late.memo = "maria";
  ASSERT_TRUE(queue.commit(held_, up_to(3, {done, dead}, {late})));

  EXPECT_EQ(forget(queue, by_email("maria@example.com")), (erasure_counts{4, 1, 1, 6, 0}));
  EXPECT_TRUE(queue.dead_letters().letters.empty());
  EXPECT_TRUE(queue.requeue({}).empty());
  EXPECT_TRUE(queue.acquire(a_).exceptions.empty());
  const auto counts = queue.stats_of(a_).counts;
  EXPECT_EQ(counts.delivered, 1u);
  EXPECT_EQ(counts.discarded, 3u);
  EXPECT_EQ(counts.dead_letters, 0u);
  expect_balance(queue, 4);
}

TEST_P(erasure_contract, what_a_loop_has_withdrawn_is_no_receipt_of_before) {
  auto queue = open();
  with_destinations(queue);
  order(queue, "1", "maria@example.com");
  auto withdrawn = ended(1, end_state::discarded);
  withdrawn.reason = erased_reason;
  ASSERT_TRUE(queue.commit(held_, up_to(1, {withdrawn})));
  EXPECT_EQ(forget(queue, by_email("maria@example.com")), (erasure_counts{1, 0, 0, 1, 0})) << "at the other";
  expect_balance(queue, 1);
}

TEST_P(erasure_contract, what_a_loop_says_afterwards_of_an_erased_event_is_passed_over) {
  auto queue = open();
  with_destinations(queue);
  order(queue, "1", "maria@example.com");
  order(queue, "2", "ivan@example.com");
  forget(queue, by_email("maria@example.com"));
  auto late = ended(1);
  late.detail = "maria@example.com";
  ASSERT_TRUE(queue.commit(held_, up_to(2, {late, ended(2)}, {})));
  EXPECT_EQ(queue.stats_of(a_).counts.delivered, 1u);
  expect_balance(queue, 2);
}

TEST_P(erasure_contract, an_erased_event_is_gone_for_good_when_its_segment_goes) {
  auto queue = open();
  with_destinations(queue);
  order(queue, "1", "maria@example.com");
  forget(queue, by_email("maria@example.com"));
  EXPECT_EQ(queue.trim(start() + std::chrono::hours(24 * 365)), 1u) << "nothing waits for it";
  EXPECT_EQ(queue.raw().stats().events, 0u);
}

TEST_P(erasure_contract, the_same_source_and_id_may_come_again) {
  auto queue = open();
  with_destinations(queue);
  order(queue, "1", "maria@example.com");
  forget(queue, by_email("maria@example.com"));
  EXPECT_EQ(queue.append({order_event("1", "order-1", "maria@example.com", {a_})})->at(0).status,
            append_status::appended)
      << "the idempotency key is forgotten too";
}

TEST_P(erasure_contract, what_comes_after_the_beginning_stays) {
  auto queue = open();
  with_destinations(queue);
  order(queue, "1", "maria@example.com");
  const auto which = queue.begin_erasure(by_email("maria@example.com"));
  order(queue, "2", "maria@example.com");
  EXPECT_EQ(erasable(queue, which), (std::vector<sequence>{1}));
  EXPECT_EQ(queue.erase(which, {1, 2}).events, 1u) << "named or not";
  EXPECT_EQ(found(queue, "maria@example.com"), (std::vector<sequence>{2}));
}

TEST_P(erasure_contract, finds_the_dead_letters_that_the_log_has_dropped) {
  auto queue = open([](options& o) { o.dead_letter_retention = std::chrono::hours(24 * 1000); });
  with_destinations(queue);
  queue.append({order_event("1", "order-1", "maria@example.com", {a_})});
  ASSERT_TRUE(queue.commit(held_, up_to(1, {ended(1, end_state::dead_letter)})));
  EXPECT_EQ(queue.trim(start() + std::chrono::hours(24 * 365)), 1u);
  EXPECT_EQ(forget(queue, by_email("maria@example.com")), (erasure_counts{1, 0, 1, 0, 0}));
  EXPECT_TRUE(queue.dead_letters().letters.empty());
  EXPECT_TRUE(queue.fetch({1})->empty());
  EXPECT_EQ(queue.stats_of(a_).counts.discarded, 1u);
}

TEST_P(erasure_contract, a_dead_letter_of_two_destinations_is_counted_once_at_each) {
  auto queue = open([](options& o) { o.dead_letter_retention = std::chrono::hours(24 * 1000); });
  with_destinations(queue);
  order(queue, "1", "maria@example.com");
  ASSERT_TRUE(queue.commit(held_, up_to(1, {ended(1, end_state::dead_letter)})));
  ASSERT_TRUE(queue.commit(queue.acquire(b_).held, up_to(1, {ended(1, end_state::dead_letter)})));
  EXPECT_EQ(queue.trim(start() + std::chrono::hours(24 * 365)), 1u);
  EXPECT_EQ(forget(queue, by_email("maria@example.com")), (erasure_counts{1, 0, 2, 0, 0}));
  expect_balance(queue, 1);
}

/// Event 1 is Maria's: a dead letter that outlived the log and was replayed, and then shared a batch with 2.
class erasure_of_a_replayed_event : public erasure_contract {
 protected:
  client open_for_years() {
    return open([](options& o) { o.dead_letter_retention = std::chrono::hours(24 * 1000); });
  }
  void with_it(client& queue) {
    with_destinations(queue);
    order(queue, "1", "maria@example.com");
    EXPECT_TRUE(queue.commit(held_, up_to(1, {ended(1, end_state::dead_letter)})));
    EXPECT_TRUE(queue.commit(queue.acquire(b_).held, up_to(1, {ended(1)})));
    EXPECT_EQ(queue.trim(start() + std::chrono::hours(24 * 365)), 1u);
    EXPECT_EQ(queue.requeue({}).size(), 1u);
    order(queue, "2", "ivan@example.com");
    auto mine = waiting(1), others = waiting(2);
    mine.tries = others.tries = shared_attempt(start(), "maria@example.com and ivan@example.com");
    EXPECT_TRUE(queue.commit(held_, up_to(2, {}, {mine, others})));
  }
  /// What is left once a loop has ended event 1 like this.
  void expect_forgotten_after(client& queue, end how) {
    const auto which = queue.begin_erasure(by_email("maria@example.com"));
    how.withdrawn = true;
    ASSERT_TRUE(queue.commit(held_, up_to(2, {std::move(how)})));
    EXPECT_EQ(erasable(queue, which), (std::vector<sequence>{1}));
    EXPECT_EQ(queue.erase_all(which).events, 1u);
    EXPECT_TRUE(queue.fetch({1})->empty());
    EXPECT_EQ(queue.receipt_of(2)->lines.at(0).waiting->tries.answer, "") << "it may quote her";
    EXPECT_EQ(queue.append({order_event("1", "order-1", "maria@example.com", {a_, b_})})->at(0).status,
              append_status::appended);
    expect_balance(queue, 3);
  }
};

TEST_P(erasure_of_a_replayed_event, finds_it_and_who_shared_its_batch) {
  auto queue = open_for_years();
  with_it(queue);
  auto withdrawn = ended(1, end_state::discarded);
  withdrawn.reason = erased_reason;
  expect_forgotten_after(queue, std::move(withdrawn));
}

TEST_P(erasure_of_a_replayed_event, finds_one_that_was_delivered_meanwhile) {
  auto queue = open_for_years();
  with_it(queue);
  auto delivered = ended(1);
  delivered.tries = shared_attempt(start(), "maria@example.com and ivan@example.com");
  expect_forgotten_after(queue, std::move(delivered));
}

TEST_P(erasure_contract, what_was_said_to_a_batch_loses_its_words) {
  auto queue = open();
  with_destinations(queue);
  order(queue, "1", "maria@example.com");
  order(queue, "2", "ivan@example.com");
  order(queue, "3", "ivan@example.com");
  const auto quote = std::string("maria@example.com and ivan@example.com");
  auto first = ended(1), second = ended(2), third = ended(3);
  first.tries = second.tries = shared_attempt(start(), quote);
  second.results = R"({"kept":true})";
  third.tries = shared_attempt(start() + std::chrono::seconds(1), "ivan@example.com alone", "1-2");
  ASSERT_TRUE(queue.commit(held_, up_to(3, {first, second, third})));
  forget(queue, by_email("maria@example.com"));
  const auto of_a = [&](sequence number) { return *queue.receipt_of(number)->lines.at(0).ended; };
  EXPECT_EQ(of_a(2).tries.answer, "");
  EXPECT_EQ(of_a(2).results, R"({"kept":true})");
  EXPECT_EQ(of_a(2).state, end_state::delivered);
  EXPECT_EQ(of_a(3).tries.answer, "ivan@example.com alone") << "another batch";
}

TEST_P(erasure_contract, knows_a_batch_also_after_the_clock_was_set_back) {
  auto queue = open();
  with_destinations(queue);
  order(queue, "1", "maria@example.com");
  for (const auto* id : {"2", "3", "4"})
    order(queue, id, "ivan@example.com");
  const auto quote = std::string("maria@example.com and ivan@example.com");
  const auto before = start() + std::chrono::hours(1), after = start();
  auto hers = ended(1), first = ended(2), second = ended(3), other = ended(4);
  hers.tries = shared_attempt(before, quote, "1-2");
  hers.tries.last = after;
  hers.tries.count = 2;
  first.tries = shared_attempt(before, quote);
  second.tries = shared_attempt(after - std::chrono::seconds(1), quote, "1-2");
  other.tries = shared_attempt(after - std::chrono::seconds(1), "ivan@example.com alone", "1-3");
  ASSERT_TRUE(queue.commit(held_, up_to(4, {hers, first, second, other})));
  forget(queue, by_email("maria@example.com"));
  const auto answer_at = [&](sequence number) {
    return queue.receipt_of(number)->lines.at(0).ended->tries.answer;
  };
  EXPECT_EQ(answer_at(2), "") << "her first batch";
  EXPECT_EQ(answer_at(3), "") << "her second, whatever the clock said";
  EXPECT_EQ(answer_at(4), "ivan@example.com alone");
}

TEST_P(erasure_contract, forgets_the_entries_of_destinations_memory_that_are_named) {
  auto queue = open();
  with_destinations(queue);
  order(queue, "1", "maria@example.com");
  auto step = up_to(0);
  for (const auto* key : {"early", "late", "other"})
    step.state.push_back({key, "x", start() + std::chrono::hours(24)});
  ASSERT_TRUE(queue.commit(held_, step));
  const auto which = queue.begin_erasure(by_email("maria@example.com"), {{a_, "early"}});
  EXPECT_FALSE(queue.state(a_, "early", start()));
  EXPECT_EQ(queue.erase(which, erasable(queue, which), {{a_, "late"}, {a_, "never"}}).vendor_state, 1u);
  EXPECT_FALSE(queue.state(a_, "late", start()));
  EXPECT_TRUE(queue.state(a_, "other", start()));
}

TEST_P(erasure_contract, stays_open_until_it_is_finished) {
  auto queue = open();
  with_destinations(queue);
  const auto one = queue.begin_erasure(by_email("maria@example.com"));
  const auto other = queue.begin_erasure({customer_key::kind::phone, "+359 88 000"});
  EXPECT_EQ(open_ones(queue), (std::vector<erasure_id>{one, other}));
  EXPECT_TRUE(queue.finish_erasure(one).clean);
  EXPECT_EQ(open_ones(queue), (std::vector<erasure_id>{other}));
  EXPECT_FALSE(
      queue.ask<std::vector<record>>([&](auto then) { queue.raw().erasable(one, std::move(then)); }));
}

TEST(customer_key, is_compared_by_what_it_means) {
  using kind = customer_key::kind;
  EXPECT_EQ(compared_form({kind::email, " Maria@Example.com"}),
            compared_form({kind::email, "maria@example.com"}));
  EXPECT_EQ(compared_form({kind::phone, "+359 (88) 123"}), compared_form({kind::phone, "+35988123"}));
  EXPECT_NE(compared_form({kind::id, "C-17"}), compared_form({kind::id, "c-17"}));
  EXPECT_NE(compared_form({kind::id, "35988123"}), compared_form({kind::phone, "35988123"}));
}

FOR_EVERY_ENGINE(erasure_contract);
FOR_EVERY_ENGINE(erasure_of_a_replayed_event);

}  // namespace
}  // namespace cartrelay::queue::testing
