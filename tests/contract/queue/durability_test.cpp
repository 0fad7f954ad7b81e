#include "tests/contract/queue/engines.hpp"

namespace cartrelay::queue::testing {
namespace {

/// What must survive a stop: only engines with a disk.
class durability_contract : public engine_contract {};

TEST_P(durability_contract, everything_is_there_again) {
  auto queue = open();
  with_destinations(queue);
  queue.put("1", {a_});
  queue.put("2", {a_, b_});
  queue.put("3", {a_});
  auto dead = ended(3, end_state::dead_letter);
  dead.evidence = "{}";
  auto step = up_to(1, {ended(1), dead}, {waiting(2)});
  step.control = "paused";
  step.state = {{"key", "value", start() + std::chrono::hours(1)}};
  ASSERT_TRUE(queue.commit(held_, step));
  queue.raw().note_refused(5);
  const auto before = queue.raw().stats();
  queue.reopen();

  const auto after = queue.raw().stats();
  EXPECT_EQ(after.next, before.next);
  EXPECT_EQ(after.events, before.events);
  EXPECT_EQ(after.ingest.accepted, 3u);
  EXPECT_EQ(after.ingest.refused, 5u);
  for (std::size_t i = 0; i < before.destinations.size(); ++i) {
    EXPECT_EQ(after.destinations[i].name, before.destinations[i].name);
    EXPECT_EQ(after.destinations[i].counts, before.destinations[i].counts);
    EXPECT_EQ(after.destinations[i].waiting, before.destinations[i].waiting);
  }
  const auto found = queue.acquire(a_);
  EXPECT_GT(found.held.epoch, held_.epoch);
  EXPECT_EQ(found.cursor, 1u);
  EXPECT_EQ(found.control, "paused");
  EXPECT_EQ(found.exceptions.size(), 1u);
  EXPECT_EQ(found.ended_after, (std::vector<sequence>{3}));
  EXPECT_EQ(queue.state(a_, "key", start()), "value");
  EXPECT_EQ(queue.dead_letters().letters.at(0).ended.evidence, "{}");
  EXPECT_EQ(queue.append({plain_event("1", {a_})})->front().status, append_status::duplicate);
  EXPECT_EQ(queue.put("4", {}), 4u);
}

TEST_P(durability_contract, numbers_are_not_given_again_after_everything_was_trimmed) {
  auto queue = open();
  queue.put("1", {});
  EXPECT_EQ(queue.trim(start() + std::chrono::hours(24 * 365)), 1u);
  queue.reopen();
  EXPECT_EQ(queue.raw().stats().first, 2u);
  EXPECT_EQ(queue.put("2", {}), 2u);
}

TEST_P(durability_contract, a_dead_letter_past_a_cursor_that_was_left_behind_is_still_one) {
  auto queue = open([](options& o) { o.dead_letter_retention = std::chrono::hours(24 * 1000); });
  with_destinations(queue);
  queue.put("1", {a_});
  queue.put("2", {a_});
  ASSERT_TRUE(queue.commit(held_, up_to(0, {ended(1), ended(2, end_state::dead_letter)})));
  EXPECT_EQ(queue.trim(start() + std::chrono::hours(24 * 365)), 2u);
  queue.reopen();
  EXPECT_EQ(queue.requeue({}).size(), 1u);
  ASSERT_TRUE(queue.commit(queue.acquire(a_).held, up_to(2, {ended(2, end_state::dead_letter)})));
  EXPECT_EQ(queue.discard({}).size(), 1u);
  EXPECT_EQ(queue.stats_of(a_).counts.backlog(), 0u);
}

TEST_P(durability_contract, an_old_lease_is_stale_after_reopening) {
  auto queue = open();
  with_destinations(queue);
  queue.put("1", {a_});
  queue.reopen();
  ASSERT_NE(queue.acquire(a_).held.epoch, held_.epoch);
  EXPECT_EQ(queue.commit(held_, up_to(1, {ended(1)})).error().code, errc::stale_lease);
}

INSTANTIATE_TEST_SUITE_P(engines, durability_contract, ::testing::Values("rocksdb"), engine_name);

}  // namespace
}  // namespace cartrelay::queue::testing
