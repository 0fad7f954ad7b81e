#include "queue/next_try.hpp"

#include <gtest/gtest.h>

namespace cartrelay::queue::testing {
namespace {

const next_try::moment begin{std::chrono::hours(1)};

TEST(next_try, is_due_where_none_was_made) {
  next_try reopening;
  EXPECT_TRUE(reopening.due(begin, 0));
  EXPECT_TRUE(reopening.due(begin, std::nullopt));
}

TEST(next_try, is_due_once_there_is_more_room) {
  next_try reopening;
  reopening.made(begin, 1000);
  EXPECT_FALSE(reopening.due(begin, 1000));
  EXPECT_FALSE(reopening.due(begin, std::nullopt));
  EXPECT_TRUE(reopening.due(begin, 1001));
}

TEST(next_try, is_due_once_there_is_more_than_the_next_shortage_left) {
  next_try reopening;
  reopening.made(begin, 1000);
  EXPECT_FALSE(reopening.due(begin, 0));
  EXPECT_TRUE(reopening.due(begin, 10));
}

TEST(next_try, is_due_after_pauses_that_grow_whatever_the_room) {
  next_try reopening;
  auto now = begin;
  for (const int pause : {1, 2, 4, 8, 16, 30, 30}) {
    reopening.made(now, 1000);
    EXPECT_FALSE(reopening.due(now + std::chrono::milliseconds(1000 * pause - 1), 1000)) << pause;
    now += std::chrono::seconds(pause);
    EXPECT_TRUE(reopening.due(now, 0)) << pause;
  }
}

TEST(next_try, is_due_soon_where_the_last_shortage_is_long_ago) {
  next_try reopening;
  for (const int second : {0, 1, 3})
    reopening.made(begin + std::chrono::seconds(second), 1000);
  const auto later = begin + std::chrono::minutes(10);
  reopening.made(later, 1000);
  EXPECT_TRUE(reopening.due(later + next_try::first_pause, 1000));
}

}  // namespace
}  // namespace cartrelay::queue::testing
