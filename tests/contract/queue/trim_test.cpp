#include "tests/contract/queue/engines.hpp"

namespace cartrelay::queue::testing {
namespace {

/// Trims far past every retention: what stays, stays because it is needed.
const auto much_later = start() + std::chrono::hours(24 * 365);

class trim_contract : public engine_contract {
 protected:
  void with_events(client& queue, int count) {
    with_destinations(queue);
    for (int i = 1; i <= count; ++i)
      queue.put(std::to_string(i), {a_});
  }
};

TEST_P(trim_contract, drops_what_is_finished_and_old) {
  auto queue = open();
  with_events(queue, 3);
  ASSERT_TRUE(queue.commit(held_, up_to(3, {ended(1), ended(2), ended(3)})));
  EXPECT_EQ(queue.trim(start() + std::chrono::hours(24)), 0u) << "not old yet";
  EXPECT_EQ(queue.trim(much_later), 3u);
  EXPECT_EQ(queue.raw().stats().events, 0u);
  EXPECT_EQ(queue.raw().stats().first, 4u);
  EXPECT_TRUE(queue.read(0)->records.empty());
  EXPECT_EQ(queue.receipt_of(1).error().code, errc::not_found);
  EXPECT_EQ(queue.stats_of(a_).counts.delivered, 3u) << "totals stay";
  EXPECT_EQ(queue.put("4", {a_}), 4u) << "numbers are never given again";
}

TEST_P(trim_contract, keeps_what_a_cursor_has_not_passed) {
  auto queue = open();
  with_events(queue, 3);
  ASSERT_TRUE(queue.commit(held_, up_to(1, {ended(1)})));
  EXPECT_EQ(queue.trim(much_later), 1u);
  EXPECT_EQ(numbers(queue.read(0)->records), (std::vector<sequence>{2, 3}));
}

TEST_P(trim_contract, keeps_what_waits) {
  auto queue = open();
  with_events(queue, 3);
  ASSERT_TRUE(queue.commit(held_, up_to(3, {ended(1), ended(3)}, {waiting(2)})));
  EXPECT_EQ(queue.trim(much_later), 1u);
  EXPECT_EQ(numbers(queue.read(0)->records), (std::vector<sequence>{2, 3}));
  ASSERT_TRUE(queue.commit(queue.acquire(a_).held, up_to(3, {ended(2)})));
  EXPECT_EQ(queue.trim(much_later), 2u);
}

TEST_P(trim_contract, a_destination_that_waits_for_nothing_holds_nothing) {
  auto queue = open();
  with_events(queue, 2);  // `b` stands at the beginning, and nothing was ever for it
  ASSERT_TRUE(queue.commit(held_, up_to(2, {ended(1), ended(2)})));
  EXPECT_EQ(queue.trim(much_later), 2u);
}

TEST_P(trim_contract, a_dead_letter_outlives_its_event) {
  auto queue = open([](options& o) { o.dead_letter_retention = std::chrono::hours(24 * 1000); });
  with_events(queue, 2);
  auto dead = ended(1, end_state::dead_letter);
  dead.reason = "rejected";
  ASSERT_TRUE(queue.commit(held_, up_to(2, {dead, ended(2)})));
  EXPECT_EQ(queue.trim(much_later), 2u);
  ASSERT_EQ(queue.dead_letters().letters.size(), 1u);
  EXPECT_EQ(queue.dead_letters().letters[0].event.stored, "1:x");
  EXPECT_EQ(queue.receipt_of(1)->lines.at(0).ended->reason, "rejected");
  EXPECT_EQ(queue.requeue({}).size(), 1u);
  EXPECT_EQ(numbers(queue.fetch({1}).value()), (std::vector<sequence>{1}));
  EXPECT_EQ(queue.receipt_of(1)->lines.size(), 1u);
  const auto held = queue.acquire(a_);
  ASSERT_EQ(held.exceptions.size(), 1u);
  ASSERT_TRUE(queue.commit(held.held, up_to(2, {ended(1)})));
  EXPECT_TRUE(queue.fetch({1})->empty()) << "its copy went with its end";
  EXPECT_EQ(queue.stats_of(a_).counts.delivered, 2u);
  EXPECT_EQ(queue.stats_of(a_).counts.backlog(), 0u);
}

TEST_P(trim_contract, what_is_kept_is_found_by_source_and_id) {
  auto queue = open([](options& o) { o.dead_letter_retention = std::chrono::hours(24 * 1000); });
  with_events(queue, 4);
  ASSERT_TRUE(queue.commit(held_, up_to(2, {ended(1), ended(2, end_state::dead_letter)})));
  EXPECT_EQ(queue.trim(much_later), 2u);
  ASSERT_TRUE(queue.finish_erasure(queue.begin_erasure({customer_key::kind::id, "nobody"})).clean);
  EXPECT_EQ(queue.receipt_of("shop", "1").error().code, errc::not_found);
  const auto dead = queue.receipt_of("shop", "2"), pending = queue.receipt_of("shop", "3");
  ASSERT_TRUE(dead);
  EXPECT_EQ(dead->lines.at(0).ended->state, end_state::dead_letter);
  ASSERT_TRUE(pending);
  EXPECT_EQ(pending->event.number, 3u);
  auto again = plain_event("3", {a_});
  again.received_at = much_later;
  EXPECT_EQ(queue.append({again})->front().status, append_status::appended) << "it is no duplicate for that";
}

TEST_P(trim_contract, a_replayed_event_does_not_hold_the_log) {
  auto queue = open();
  with_events(queue, 2);
  ASSERT_TRUE(queue.commit(held_, up_to(2, {ended(1, end_state::dead_letter), ended(2)})));
  EXPECT_EQ(queue.requeue({}).size(), 1u);
  EXPECT_EQ(queue.trim(much_later), 2u);
  EXPECT_EQ(queue.fetch({1})->size(), 1u);
}

TEST_P(trim_contract, a_cursor_that_was_left_behind_moves_to_where_the_log_begins) {
  auto queue = open([](options& o) { o.dead_letter_retention = std::chrono::hours(24 * 1000); });
  with_events(queue, 3);
  ASSERT_TRUE(queue.commit(held_, up_to(0, {ended(1), ended(2, end_state::dead_letter), ended(3)})));
  EXPECT_EQ(queue.trim(much_later), 3u);
  const auto found = queue.acquire(a_);
  EXPECT_EQ(found.cursor, 3u) << "what ended before is not remembered one by one";
  EXPECT_TRUE(found.ended_after.empty());
  ASSERT_TRUE(queue.commit(found.held, up_to(0, {ended(1)})));
  EXPECT_EQ(queue.acquire(a_).cursor, 3u) << "whoever knows no better does not move it back";
  EXPECT_EQ(queue.stats_of(a_).counts.delivered, 2u);
  EXPECT_EQ(queue.requeue({}).size(), 1u);
  EXPECT_EQ(queue.stats_of(a_).counts.backlog(), 1u);
}

TEST_P(trim_contract, old_dead_letters_are_discarded) {
  auto queue = open([](options& o) { o.dead_letter_retention = std::chrono::hours(24 * 30); });
  with_events(queue, 1);
  ASSERT_TRUE(queue.commit(held_, up_to(1, {ended(1, end_state::dead_letter)})));
  queue.trim(start() + std::chrono::hours(24 * 2));
  EXPECT_EQ(queue.stats_of(a_).counts.dead_letters, 1u);
  queue.trim(start() + std::chrono::hours(24 * 31));
  EXPECT_EQ(queue.stats_of(a_).counts.dead_letters, 0u);
  EXPECT_EQ(queue.stats_of(a_).counts.discarded, 1u);
  EXPECT_TRUE(queue.dead_letters().letters.empty());
  EXPECT_EQ(queue.stats_of(a_).counts.backlog(), 0u);
}

TEST_P(trim_contract, a_clock_that_was_ahead_keeps_no_dead_letters) {
  auto queue = open([](options& o) { o.dead_letter_retention = std::chrono::hours(24 * 30); });
  queue.trim(start() + std::chrono::hours(24 * 3650));
  with_events(queue, 1);
  ASSERT_TRUE(queue.commit(held_, up_to(1, {ended(1, end_state::dead_letter)})));
  queue.trim(start() + std::chrono::hours(24 * 31));
  EXPECT_EQ(queue.stats_of(a_).counts.dead_letters, 0u);
  EXPECT_EQ(queue.stats_of(a_).counts.discarded, 1u);
}

/// Which is what a daemon says that does not trust the clock yet.
TEST_P(trim_contract, in_1970_nothing_is_old) {
  auto queue = open();
  with_events(queue, 2);
  ASSERT_TRUE(queue.commit(held_, up_to(2, {ended(1, end_state::dead_letter), ended(2)})));
  EXPECT_EQ(queue.trim(base::timestamp()), 0u);
  EXPECT_EQ(queue.stats_of(a_).counts.dead_letters, 1u);
  EXPECT_EQ(queue.trim(much_later), 2u);
  EXPECT_EQ(queue.stats_of(a_).counts.dead_letters, 0u);
}

TEST_P(trim_contract, the_retention_can_change) {
  auto queue = open();
  with_events(queue, 1);
  ASSERT_TRUE(queue.commit(held_, up_to(1, {ended(1)})));
  EXPECT_EQ(queue.trim(start() + std::chrono::hours(2)), 0u);
  auto changed = settings_;
  changed.retention = std::chrono::hours(1);
  queue.raw().configure(changed);
  EXPECT_EQ(queue.trim(start() + std::chrono::hours(2)), 1u);
}

FOR_EVERY_ENGINE(trim_contract);

}  // namespace
}  // namespace cartrelay::queue::testing
