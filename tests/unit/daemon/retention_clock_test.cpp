#include "daemon/retention_clock.hpp"

#include <gtest/gtest.h>

namespace cartrelay::daemon::testing {
namespace {

using namespace std::chrono_literals;

constexpr auto week = std::chrono::hours(24 * 7);
constexpr base::timestamp nothing_is_old{};

class retention_time : public ::testing::Test {
 protected:
  void pass(std::chrono::microseconds span) {
    now_.wall += span;
    now_.steady += span;
  }
  void set_clock(std::chrono::microseconds by) { now_.wall += by; }
  /// What it goes by.
  base::timestamp look(std::chrono::milliseconds shortest = week) {
    auto seen = clock_.look(now_, shortest);
    if (seen.told) told_.push_back(*seen.told);
    return seen.now;
  }
  /// Looks as often as the daemon does.
  base::timestamp watch(std::chrono::microseconds span) {
    auto seen = nothing_is_old;
    for (auto left = span; left > 0s; left -= 5s) {
      pass(5s);
      seen = look();
    }
    return seen;
  }
  /// Past its start.
  void have_it_run() { watch(10min); }

  dispatch::instant now_{base::timestamp(20000 * 24h), base::steady_time(1h)};
  retention_clock clock_{now_};
  std::vector<std::string> told_;
};

TEST_F(retention_time, does_not_begin_until_the_clock_could_be_set) {
  EXPECT_EQ(watch(10min - 5s), nothing_is_old);
  EXPECT_EQ(watch(5s), now_.wall);
  EXPECT_TRUE(told_.empty());
}

TEST_F(retention_time, begins_no_later_than_a_retention_ends) {
  pass(4s);
  EXPECT_EQ(look(5s), nothing_is_old);
  pass(1s);
  EXPECT_EQ(look(5s), now_.wall);
  EXPECT_EQ(look(1h), nothing_is_old) << "another one since a reload";
}

TEST_F(retention_time, does_not_see_a_clock_that_is_ahead_at_the_start_and_put_back_soon) {
  set_clock(32 * 24h);
  EXPECT_EQ(watch(5min), nothing_is_old);
  set_clock(-32 * 24h);
  EXPECT_EQ(watch(10min), now_.wall);
}

TEST_F(retention_time, goes_on_from_before_a_leap) {
  have_it_run();
  const auto right = now_.wall;
  set_clock(60 * 24h);
  EXPECT_EQ(watch(30min), right + 30min);
  ASSERT_EQ(told_.size(), 1u);
  EXPECT_EQ(told_[0],
            "the machine's clock leapt 60d ahead: unless it is put back, retention goes by it in 1h");
}

TEST_F(retention_time, believes_at_once_what_is_put_back) {
  have_it_run();
  set_clock(60 * 24h);
  watch(5s);
  set_clock(-60 * 24h);
  EXPECT_EQ(watch(5s), now_.wall);
  ASSERT_EQ(told_.size(), 2u);
  EXPECT_EQ(told_[1], "the machine's clock has been put back, and retention goes by it again");
}

TEST_F(retention_time, believes_a_leap_that_has_stood) {
  have_it_run();
  const auto right = now_.wall;
  set_clock(60 * 24h);
  EXPECT_EQ(watch(1h), right + 1h);
  EXPECT_EQ(watch(5s), now_.wall);
  ASSERT_EQ(told_.size(), 2u);
  EXPECT_EQ(told_[1], "the machine's clock has stood for 1h since it leapt, and retention goes by it again");
  watch(2h);
  EXPECT_EQ(told_.size(), 2u);
}

TEST_F(retention_time, waits_anew_for_another_leap) {
  have_it_run();
  const auto right = now_.wall;
  set_clock(2h);
  watch(50min);
  set_clock(60 * 24h);
  EXPECT_EQ(watch(50min), right + 100min);
}

TEST_F(retention_time, takes_a_small_step_and_one_back_as_they_are) {
  have_it_run();
  set_clock(1h);
  EXPECT_EQ(watch(5s), now_.wall);
  set_clock(-365 * 24h);
  EXPECT_EQ(watch(5s), now_.wall);
  EXPECT_TRUE(told_.empty());
}

TEST_F(retention_time, does_not_go_by_a_leap_of_the_first_minutes_either) {
  watch(5min);
  const auto right = now_.wall;
  set_clock(60 * 24h);
  EXPECT_EQ(watch(5min), right + 5min);
}

}  // namespace
}  // namespace cartrelay::daemon::testing
