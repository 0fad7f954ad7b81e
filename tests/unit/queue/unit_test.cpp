#include "queue/unit.hpp"

#include "queue/latency.hpp"

#include <gtest/gtest.h>

namespace cartrelay::queue {
namespace {

unit with_backlog(std::uint64_t routed, sequence cursor = 0) {
  unit out(1, "a", cursor);
  out.counts.routed = routed;
  return out;
}

TEST(unit, needs_the_log_after_its_cursor_while_it_is_behind) {
  auto at = with_backlog(2, 5);
  EXPECT_EQ(at.needs_from(20), 6u);
  at.finish(7, end_state::delivered);
  at.finish(8, end_state::delivered);
  EXPECT_EQ(at.needs_from(20), 20u) << "nothing is left for it";
}

TEST(unit, needs_the_log_for_what_waits_without_a_copy) {
  auto at = with_backlog(2, 5);
  at.wait(3, false);
  at.wait(4, true);
  EXPECT_EQ(at.needs_from(20), 3u);
  at.finish(3, end_state::delivered);
  EXPECT_EQ(at.needs_from(20), 20u);
  EXPECT_TRUE(at.waits(4));
}

TEST(unit, knows_what_is_finished) {
  auto at = with_backlog(4, 2);
  at.wait(1, false);
  at.finish(4, end_state::skipped);
  EXPECT_FALSE(at.finished(1));
  EXPECT_TRUE(at.finished(2));
  EXPECT_FALSE(at.finished(3));
  EXPECT_TRUE(at.finished(4));
  at.advance(4);
  EXPECT_TRUE(at.ended_after().empty());
  EXPECT_TRUE(at.finished(4));
  at.advance(1);
  EXPECT_EQ(at.cursor, 4u);
}

TEST(unit, a_revived_dead_letter_is_backlog_again) {
  auto at = with_backlog(1);
  at.finish(1, end_state::dead_letter);
  EXPECT_EQ(at.counts.backlog(), 0u);
  at.revive(1);
  EXPECT_EQ(at.counts.backlog(), 1u);
  EXPECT_TRUE(at.owns_copy(1));
  EXPECT_FALSE(at.finished(1));
}

TEST(unit, whose_books_are_wrong_gives_up_nothing) {
  auto at = with_backlog(1, 5);
  at.count_end(end_state::delivered);
  at.count_end(end_state::discarded);
  EXPECT_EQ(at.counts.backlog(), 0u);
  EXPECT_EQ(at.needs_from(20), 6u);
}

TEST(latency, percentiles_are_of_the_last_ones) {
  latency_window window;
  EXPECT_EQ(window.percentile_ms(0.5), 0);
  for (int i = 0; i < 512; ++i)
    window.add(std::chrono::seconds(1));
  for (int i = 1; i <= 512; ++i)
    window.add(std::chrono::milliseconds(i));
  EXPECT_NEAR(window.percentile_ms(0.5), 256, 1);
  EXPECT_NEAR(window.percentile_ms(0.99), 507, 2);
}

}  // namespace
}  // namespace cartrelay::queue
