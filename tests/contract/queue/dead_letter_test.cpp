#include "tests/contract/queue/engines.hpp"

namespace cartrelay::queue::testing {
namespace {

class dead_letter_contract : public engine_contract {
 protected:
  /// Events 1 to 3 for `a`, of which 2 died, and 3 for `b`, which died there too.
  void with_dead_letters(client& queue) {
    with_destinations(queue);
    queue.put("1", {a_});
    queue.put("2", {a_});
    queue.put("3", {a_, b_});
    ASSERT_TRUE(queue.commit(held_, up_to(3, {ended(1), dead(2, "rejected"), ended(3)})));
    ASSERT_TRUE(queue.commit(queue.acquire(b_).held, up_to(3, {dead(3, "no_ticket")})));
  }

  static end dead(sequence number, const std::string& reason) {
    auto out = ended(number, end_state::dead_letter);
    out.reason = reason;
    out.evidence = R"({"request":"…"})";
    out.memo = "memo";
    out.tries.count = 4;
    return out;
  }

  static dead_letter_selection keys(std::vector<dead_letter_key> which) {
    dead_letter_selection out;
    out.keys = std::move(which);
    return out;
  }
};

std::vector<dead_letter_key> keys_of(const dead_letter_page& page) {
  std::vector<dead_letter_key> out;
  for (const auto& each : page.letters)
    out.push_back({each.destination, each.ended.number});
  return out;
}

TEST_P(dead_letter_contract, are_listed_with_evidence_and_event) {
  auto queue = open();
  with_dead_letters(queue);
  const auto page = queue.dead_letters();
  ASSERT_EQ(keys_of(page), (std::vector<dead_letter_key>{{a_, 2}, {b_, 3}}));
  EXPECT_FALSE(page.next);
  EXPECT_EQ(page.letters[0].ended.evidence, R"({"request":"…"})");
  EXPECT_EQ(page.letters[0].ended.memo, "memo");
  EXPECT_EQ(page.letters[0].event.stored, "2:x");
  EXPECT_EQ(page.letters[0].event.routed, (std::vector{a_}));
  EXPECT_EQ(queue.stats_of(a_).counts.dead_letters, 1u);
  EXPECT_EQ(queue.stats_of(a_).counts.backlog(), 0u);
  EXPECT_EQ(queue.receipt_of(2)->lines.at(0).ended->evidence, R"({"request":"…"})");
}

TEST_P(dead_letter_contract, are_found_by_condition_and_page_by_page) {
  auto queue = open();
  with_dead_letters(queue);
  dead_letter_query query;
  query.reason = "no_ticket";
  EXPECT_EQ(keys_of(queue.dead_letters(query)), (std::vector<dead_letter_key>{{b_, 3}}));
  query.reason.reset();
  query.destination = a_;
  EXPECT_EQ(keys_of(queue.dead_letters(query)), (std::vector<dead_letter_key>{{a_, 2}}));
  query.before = start();
  EXPECT_TRUE(queue.dead_letters(query).letters.empty());
  query = {};
  query.limit = 1;
  const auto first = queue.dead_letters(query);
  ASSERT_TRUE(first.next);
  query.after = first.next;
  const auto second = queue.dead_letters(query);
  EXPECT_EQ(keys_of(second), (std::vector<dead_letter_key>{{b_, 3}}));
  EXPECT_FALSE(second.next);
}

TEST_P(dead_letter_contract, are_named_all_at_once) {
  auto queue = open();
  with_dead_letters(queue);
  dead_letter_query query;
  query.limit = 1;
  EXPECT_EQ(queue.find_dead_letters(query), (std::vector<dead_letter_key>{{a_, 2}, {b_, 3}}));
  query.reason = "no_ticket";
  EXPECT_EQ(queue.find_dead_letters(query), (std::vector<dead_letter_key>{{b_, 3}}));
}

TEST_P(dead_letter_contract, a_replay_is_new_work_with_its_history) {
  auto queue = open();
  with_dead_letters(queue);
  const auto now = start() + std::chrono::hours(5);
  EXPECT_EQ(queue.requeue(keys({{a_, 2}, {a_, 1}, {a_, 77}}), now), (std::vector<dead_letter_key>{{a_, 2}}));
  EXPECT_TRUE(queue.requeue(keys({{a_, 2}}), now).empty()) << "idempotent";
  auto found = queue.acquire(a_);
  ASSERT_EQ(found.exceptions.size(), 1u);
  EXPECT_EQ(found.exceptions[0].number, 2u);
  EXPECT_EQ(found.exceptions[0].age_from, now);
  EXPECT_EQ(found.exceptions[0].tries.count, 4u);
  EXPECT_EQ(found.exceptions[0].memo, "memo");
  EXPECT_FALSE(found.exceptions[0].next_attempt);
  const auto stats = queue.stats_of(a_);
  EXPECT_EQ(stats.counts.dead_letters, 0u);
  EXPECT_EQ(stats.counts.backlog(), 1u);
  EXPECT_EQ(stats.waiting, 1u);
  EXPECT_FALSE(queue.receipt_of(2)->lines.at(0).ended);
  ASSERT_TRUE(queue.commit(found.held, up_to(3, {ended(2)})));
  EXPECT_EQ(queue.stats_of(a_).counts.delivered, 3u);
  EXPECT_EQ(queue.stats_of(a_).counts.backlog(), 0u);
}

TEST_P(dead_letter_contract, a_replay_keeps_what_the_vendor_gave_already) {
  auto queue = open();
  with_destinations(queue);
  queue.put("1", {a_});
  auto partly = dead(1, "items_not_confirmed");
  partly.results = R"({"items":["1"]})";
  ASSERT_TRUE(queue.commit(held_, up_to(1, {partly})));
  EXPECT_EQ(queue.requeue({}).size(), 1u);
  EXPECT_EQ(queue.receipt_of(1)->lines.at(0).waiting->results, partly.results);
  EXPECT_EQ(queue.acquire(a_).exceptions.at(0).results, partly.results);
}

TEST_P(dead_letter_contract, one_that_stands_after_the_cursor_can_be_replayed) {
  auto queue = open();
  with_destinations(queue);
  queue.put("1", {a_});
  queue.put("2", {a_});
  ASSERT_TRUE(queue.commit(held_, up_to(0, {dead(2, "rejected")})));
  EXPECT_EQ(queue.requeue({}).size(), 1u);
  const auto found = queue.acquire(a_);
  EXPECT_TRUE(found.ended_after.empty());
  EXPECT_EQ(found.exceptions.size(), 1u);
  EXPECT_EQ(queue.stats_of(a_).counts.backlog(), 2u);
}

TEST_P(dead_letter_contract, can_die_again) {
  auto queue = open();
  with_dead_letters(queue);
  queue.requeue(keys({{a_, 2}}));
  ASSERT_TRUE(queue.commit(queue.acquire(a_).held, up_to(3, {dead(2, "again")})));
  EXPECT_EQ(queue.stats_of(a_).counts.dead_letters, 1u);
  EXPECT_EQ(queue.dead_letters().letters.at(0).ended.reason, "again");
  EXPECT_EQ(queue.dead_letters().letters.at(0).event.stored, "2:x");
}

TEST_P(dead_letter_contract, a_discard_is_a_state) {
  auto queue = open();
  with_dead_letters(queue);
  dead_letter_selection all_of_a;
  all_of_a.matching.destination = a_;
  EXPECT_EQ(queue.discard(all_of_a), (std::vector<dead_letter_key>{{a_, 2}}));
  EXPECT_TRUE(queue.discard(keys({{a_, 2}})).empty()) << "idempotent";
  EXPECT_TRUE(queue.requeue(keys({{a_, 2}})).empty());
  EXPECT_EQ(queue.stats_of(a_).counts.discarded, 1u);
  EXPECT_EQ(queue.stats_of(a_).counts.dead_letters, 0u);
  const auto line = queue.receipt_of(2)->lines.at(0);
  EXPECT_EQ(line.ended->state, end_state::discarded);
  EXPECT_EQ(line.ended->reason, "rejected");
  EXPECT_EQ(queue.dead_letters().letters.size(), 1u);
}

TEST_P(dead_letter_contract, two_commands_at_once_count_once) {
  auto queue = open();
  with_dead_letters(queue);
  std::vector<std::size_t> settled;
  const auto count = [&](base::result<std::vector<dead_letter_key>> done) {
    settled.push_back(done->size());
  };
  using keys_reply = reply<std::vector<dead_letter_key>>;
  queue.raw().discard(keys({{a_, 2}}), start(), keys_reply(queue.mailbox(), count));
  queue.raw().requeue(keys({{a_, 2}}), start(), keys_reply(queue.mailbox(), count));
  queue.raw().discard(keys({{a_, 2}, {a_, 2}}), start(), keys_reply(queue.mailbox(), count));
  queue.run_until([&] { return settled.size() == 3; });
  EXPECT_EQ(settled, (std::vector<std::size_t>{1, 0, 0}));
  EXPECT_EQ(queue.stats_of(a_).counts.discarded, 1u);
  EXPECT_EQ(queue.stats_of(a_).counts.backlog(), 0u);
}

TEST_P(dead_letter_contract, hundreds_are_settled_by_one_command) {
  auto queue = open();
  with_destinations(queue);
  std::vector<new_event> events;
  progress step = up_to(600);
  for (sequence i = 1; i <= 600; ++i) {
    events.push_back(plain_event(std::to_string(i), {a_}));
    step.ends.push_back(dead(i, "rejected"));
  }
  ASSERT_TRUE(queue.append(std::move(events)));
  ASSERT_TRUE(queue.commit(held_, step));
  EXPECT_EQ(queue.requeue({}).size(), 600u);
  EXPECT_EQ(queue.stats_of(a_).waiting, 600u);
  EXPECT_EQ(queue.stats_of(a_).counts.backlog(), 600u);
}

FOR_EVERY_ENGINE(dead_letter_contract);

}  // namespace
}  // namespace cartrelay::queue::testing
