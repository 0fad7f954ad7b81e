#include "tests/contract/queue/engines.hpp"

namespace cartrelay::queue::testing {
namespace {

class commit_contract : public engine_contract {
 protected:
  void three_events(client& queue) {
    with_destinations(queue);
    for (int i = 1; i <= 3; ++i)
      queue.put(std::to_string(i), {a_});
  }
};

TEST_P(commit_contract, registering_twice_gives_the_same_number) {
  auto queue = open();
  with_destinations(queue);
  EXPECT_NE(a_, b_);
  EXPECT_EQ(queue.add("a"), a_);
}

TEST_P(commit_contract, a_new_destination_begins_at_the_end) {
  auto queue = open();
  queue.put("1", {});
  const auto late = queue.add("late");
  EXPECT_EQ(queue.acquire(late).cursor, 1u);
}

TEST_P(commit_contract, an_unknown_destination_cannot_be_acquired) {
  auto queue = open();
  const auto got = queue.ask<unit_state>([&](auto then) { queue.raw().acquire(9, 0, 1, std::move(then)); });
  EXPECT_EQ(got.error().code, errc::not_found);
}

TEST_P(commit_contract, ends_move_the_totals) {
  auto queue = open();
  three_events(queue);
  auto step = up_to(3, {ended(1), ended(2, end_state::skipped), ended(3, end_state::expired)});
  step.attempts = 4;
  step.failed_attempts = 2;
  ASSERT_TRUE(queue.commit(held_, step));
  const auto counts = queue.stats_of(a_).counts;
  EXPECT_EQ(counts.routed, 3u);
  EXPECT_EQ(counts.delivered, 1u);
  EXPECT_EQ(counts.skipped, 1u);
  EXPECT_EQ(counts.expired, 1u);
  EXPECT_EQ(counts.attempts, 4u);
  EXPECT_EQ(counts.failed_attempts, 2u);
  EXPECT_EQ(counts.backlog(), 0u);
  EXPECT_EQ(queue.acquire(a_).cursor, 3u);
}

TEST_P(commit_contract, a_step_that_is_told_twice_counts_once) {
  auto queue = open();
  three_events(queue);
  auto step = up_to(1, {ended(1)});
  step.attempts = 4;
  step.failed_attempts = 2;
  ASSERT_TRUE(queue.commit(held_, step));
  ASSERT_TRUE(queue.commit(held_, step));
  ASSERT_TRUE(queue.commit(held_, up_to(1))) << "nor does one that says nothing of attempts take any back";
  const auto stood = queue.acquire(a_);
  EXPECT_EQ(stood.attempts, 4u);
  EXPECT_EQ(stood.failed_attempts, 2u);
  EXPECT_EQ(queue.stats_of(a_).counts.attempts, 4u);
  EXPECT_EQ(queue.stats_of(a_).counts.delivered, 1u);
}

TEST_P(commit_contract, an_end_is_told_in_the_receipt) {
  auto queue = open();
  three_events(queue);
  auto done = ended(2, end_state::superseded);
  done.superseded_by = 3;
  done.reason = "newer_cart";
  done.detail = "words";
  done.results = R"({"id":5})";
  done.tries = {3, start(), start() + std::chrono::seconds(5), "POST https://v/x", 204, "body", "batch-1"};
  ASSERT_TRUE(queue.commit(held_, up_to(0, {done})));
  const auto line = queue.receipt_of(2)->lines.at(0);
  ASSERT_TRUE(line.ended);
  EXPECT_EQ(line.ended->state, end_state::superseded);
  EXPECT_EQ(line.ended->superseded_by, 3u);
  EXPECT_EQ(line.ended->reason, "newer_cart");
  EXPECT_EQ(line.ended->detail, "words");
  EXPECT_EQ(line.ended->results, R"({"id":5})");
  EXPECT_EQ(line.ended->at, start());
  EXPECT_EQ(line.ended->tries.count, 3u);
  EXPECT_EQ(line.ended->tries.last, start() + std::chrono::seconds(5));
  EXPECT_EQ(line.ended->tries.request, "POST https://v/x");
  EXPECT_EQ(line.ended->tries.status, 204);
  EXPECT_EQ(line.ended->tries.answer, "body");
  EXPECT_EQ(line.ended->tries.batch, "batch-1");
}

TEST_P(commit_contract, what_ended_after_the_cursor_is_remembered) {
  auto queue = open();
  three_events(queue);
  ASSERT_TRUE(queue.commit(held_, up_to(0, {ended(2)})));
  EXPECT_EQ(queue.acquire(a_).ended_after, (std::vector<sequence>{2}));
  held_ = queue.acquire(a_).held;
  ASSERT_TRUE(queue.commit(held_, up_to(2, {ended(1)})));
  EXPECT_TRUE(queue.acquire(a_).ended_after.empty());
}

TEST_P(commit_contract, a_second_end_is_ignored) {
  auto queue = open();
  three_events(queue);
  ASSERT_TRUE(queue.commit(held_, up_to(0, {ended(2), ended(2, end_state::expired)})));
  ASSERT_TRUE(queue.commit(held_, up_to(2, {ended(1), ended(2, end_state::skipped)})));
  ASSERT_TRUE(queue.commit(held_, up_to(2, {ended(1, end_state::skipped)})));
  const auto counts = queue.stats_of(a_).counts;
  EXPECT_EQ(counts.delivered, 2u);
  EXPECT_EQ(counts.skipped + counts.expired, 0u);
  EXPECT_EQ(queue.receipt_of(2)->lines.at(0).ended->state, end_state::delivered);
}

TEST_P(commit_contract, an_end_that_was_never_due_is_an_error) {
  auto queue = open();
  three_events(queue);
  queue.put("4", {b_});
  EXPECT_EQ(queue.commit(held_, up_to(0, {ended(1), ended(4)})).error().code, errc::not_found);
  EXPECT_EQ(queue.commit(held_, up_to(0, {ended(9)})).error().code, errc::not_found);
  EXPECT_EQ(queue.commit(held_, up_to(0, {}, {waiting(4)})).error().code, errc::not_found);
  EXPECT_EQ(queue.commit(held_, up_to(5)).error().code, errc::not_found);
  EXPECT_EQ(queue.stats_of(a_).counts.delivered, 0u) << "all or nothing";
}

TEST_P(commit_contract, exceptions_are_kept_replaced_and_ended) {
  auto queue = open();
  three_events(queue);
  auto later = waiting(2);
  later.next_attempt = start() + std::chrono::minutes(1);
  later.marked = true;
  later.replaceable = true;
  later.reason = "http_503";
  later.memo = "opaque";
  later.results = R"({"items":[]})";
  ASSERT_TRUE(queue.commit(held_, up_to(3, {ended(1), ended(3)}, {later})));
  EXPECT_EQ(queue.stats_of(a_).waiting, 1u);
  EXPECT_EQ(queue.stats_of(a_).counts.backlog(), 1u);
  auto found = queue.acquire(a_);
  ASSERT_EQ(found.exceptions.size(), 1u);
  EXPECT_EQ(found.exceptions[0].number, 2u);
  EXPECT_EQ(found.exceptions[0].next_attempt, later.next_attempt);
  EXPECT_EQ(found.exceptions[0].age_from, start());
  EXPECT_TRUE(found.exceptions[0].marked);
  EXPECT_TRUE(found.exceptions[0].replaceable);
  EXPECT_EQ(found.exceptions[0].reason, "http_503");
  EXPECT_EQ(found.exceptions[0].memo, "opaque");
  EXPECT_EQ(found.exceptions[0].results, R"({"items":[]})");
  EXPECT_EQ(queue.receipt_of(2)->lines.at(0).waiting->results, R"({"items":[]})");
  later.tries.count = 7;
  later.replaceable = false;
  ASSERT_TRUE(queue.commit(found.held, up_to(3, {}, {later})));
  EXPECT_EQ(queue.receipt_of(2)->lines.at(0).waiting->tries.count, 7u);
  EXPECT_FALSE(queue.receipt_of(2)->lines.at(0).waiting->replaceable);
  EXPECT_EQ(queue.stats_of(a_).waiting, 1u);
  ASSERT_TRUE(queue.commit(found.held, up_to(3, {ended(2)})));
  EXPECT_TRUE(queue.acquire(a_).exceptions.empty());
  EXPECT_EQ(queue.stats_of(a_).counts.delivered, 3u);
}

TEST_P(commit_contract, as_many_exceptions_are_whole_as_were_asked_for) {
  auto queue = open();
  three_events(queue);
  ASSERT_TRUE(queue.commit(held_, up_to(3, {}, {waiting(1), waiting(2), waiting(3)})));
  const auto some = queue.acquire(a_, 2);
  ASSERT_EQ(some.exceptions.size(), 2u);
  EXPECT_EQ(some.exceptions[1].number, 2u);
  EXPECT_EQ(some.exceptions[1].tries.count, 1u);
  EXPECT_EQ(some.more_exceptions, (std::vector<sequence>{3}));
  EXPECT_EQ(queue.acquire(a_, 0).more_exceptions, (std::vector<sequence>{1, 2, 3}));
  EXPECT_TRUE(queue.acquire(a_, 3).more_exceptions.empty());
}

TEST_P(commit_contract, a_finished_event_does_not_wait_again) {
  auto queue = open();
  three_events(queue);
  ASSERT_TRUE(queue.commit(held_, up_to(1, {ended(1)})));
  ASSERT_TRUE(queue.commit(held_, up_to(1, {}, {waiting(1)})));
  EXPECT_TRUE(queue.acquire(a_).exceptions.empty());
}

TEST_P(commit_contract, the_cursor_never_moves_back) {
  auto queue = open();
  three_events(queue);
  ASSERT_TRUE(queue.commit(held_, up_to(2, {ended(1), ended(2)})));
  ASSERT_TRUE(queue.commit(held_, up_to(1)));
  EXPECT_EQ(queue.acquire(a_).cursor, 2u);
}

TEST_P(commit_contract, an_older_lease_is_refused) {
  auto queue = open();
  three_events(queue);
  const auto newer = queue.acquire(a_).held;
  EXPECT_GT(newer.epoch, held_.epoch);
  EXPECT_EQ(queue.commit(held_, up_to(1, {ended(1)})).error().code, errc::stale_lease);
  EXPECT_TRUE(queue.commit(newer, up_to(1, {ended(1)})));
  EXPECT_EQ(queue.stats_of(a_).counts.delivered, 1u);
}

TEST_P(commit_contract, keeps_control_and_state) {
  auto queue = open();
  three_events(queue);
  auto step = up_to(0);
  step.control = "paused";
  step.state = {{"cart:1", "items", start() + std::chrono::hours(1)}};
  ASSERT_TRUE(queue.commit(held_, step));
  EXPECT_EQ(queue.acquire(a_).control, "paused");
  EXPECT_EQ(queue.state(a_, "cart:1", start()), "items");
  EXPECT_EQ(queue.state(a_, "cart:1", start() + std::chrono::hours(1)), std::nullopt) << "expired";
  EXPECT_EQ(queue.state(a_, "cart:2", start()), std::nullopt);
  EXPECT_EQ(queue.state(b_, "cart:1", start()), std::nullopt) << "another destination's";
  step.state = {{"cart:1", std::nullopt, {}}};
  step.control.reset();
  ASSERT_TRUE(queue.commit(queue.acquire(a_).held, step));
  EXPECT_EQ(queue.state(a_, "cart:1", start()), std::nullopt);
  EXPECT_EQ(queue.acquire(a_).control, "paused") << "absent: unchanged";
}

FOR_EVERY_ENGINE(commit_contract);

}  // namespace
}  // namespace cartrelay::queue::testing
