#include "dispatch/adaptive_limit.hpp"
#include "dispatch/rate_meter.hpp"
#include "dispatch/token_bucket.hpp"
#include "moments.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace cartrelay::dispatch {
namespace {

TEST(token_bucket, without_a_rate_nothing_waits) {
  token_bucket subject({}, at(0s).steady);
  for (int i = 0; i < 1'000; ++i)
    subject.take(at(0s).steady);
  EXPECT_TRUE(subject.available(at(0s).steady, 1'000));
}

TEST(token_bucket, starts_with_one_token_and_fills_up_to_its_burst) {
  token_bucket subject({10, 5}, at(0s).steady);
  EXPECT_TRUE(subject.available(at(0s).steady));
  EXPECT_FALSE(subject.available(at(0s).steady, 2));
  subject.take(at(0s).steady);
  EXPECT_FALSE(subject.available(at(0s).steady));
  EXPECT_EQ(subject.available_at(at(0s).steady), at(100ms).steady);
  EXPECT_EQ(subject.available_at(at(0s).steady, 3), at(300ms).steady);
  int burst = 0;
  for (; subject.available(at(1h).steady); ++burst)
    subject.take(at(1h).steady);
  EXPECT_EQ(burst, 5);
}

TEST(token_bucket, nobody_waits_for_more_tokens_than_it_holds) {
  const token_bucket subject({10, 2}, at(0s).steady);
  EXPECT_EQ(subject.available_at(at(0s).steady, 50), at(100ms).steady);
}

TEST(token_bucket, never_lets_more_through_than_burst_and_rate_allow) {
  token_bucket subject({3, 7}, at(0s).steady);
  std::vector<base::steady_time> sent;
  for (auto now = 0ms; now < 60s; now += 37ms)
    for (int i = 0; (now < 20s || now > 40s) && i < 2 && subject.available(at(now).steady); ++i) {
      subject.take(at(now).steady);
      sent.push_back(at(now).steady);
    }
  for (std::size_t first = 0; first < sent.size(); ++first)
    for (std::size_t last = first; last < sent.size(); ++last) {
      const std::chrono::duration<double> span = sent[last] - sent[first];
      EXPECT_LE(static_cast<double>(last - first + 1), 7 + span.count() * 3 + 1e-3);
    }
  EXPECT_GT(sent.size(), 110u);
}

TEST(token_bucket, a_burst_of_nothing_is_a_second_of_the_rate) {
  token_bucket fast({50, 0}, at(0s).steady);
  const token_bucket slow({0.5, 0}, at(0s).steady);
  int burst = 0;
  for (; fast.available(at(1h).steady); ++burst)
    fast.take(at(1h).steady);
  EXPECT_EQ(burst, 50);
  EXPECT_TRUE(slow.available(at(0s).steady));
}

TEST(token_bucket, a_rate_of_next_to_nothing_is_no_missing_limit) {
  token_bucket subject({1e-12, 1}, at(0s).steady);
  subject.take(at(0s).steady);
  EXPECT_FALSE(subject.available(at(24h).steady));
  EXPECT_EQ(subject.available_at(at(0s).steady), at(24h).steady);
}

/// So many good answers at one time.
void answer_at(std::chrono::microseconds now, adaptive_limit& subject, base::duration took, int count) {
  for (int i = 0; i < count; ++i)
    subject.good(took, at(now).steady);
}

/// A good answer in each of these seconds.
void answer_each_second(int from, int until, adaptive_limit& subject, base::duration took) {
  for (int second = from; second < until; ++second)
    subject.good(took, at(std::chrono::seconds(second)).steady);
}

TEST(adaptive_limit, begins_with_what_is_configured) {
  EXPECT_EQ(adaptive_limit(8).limit(), 8u);
  EXPECT_EQ(adaptive_limit(0).limit(), 1u);
}

TEST(adaptive_limit, halves_once_for_what_failed_together) {
  adaptive_limit subject(16);
  for (int i = 0; i < 16; ++i)
    subject.overloaded(1s, at(0s).steady);
  EXPECT_EQ(subject.limit(), 8u);
  subject.overloaded(1s, at(1s).steady);
  EXPECT_EQ(subject.limit(), 4u);
  for (int i = 2; i < 20; ++i)
    subject.overloaded(1s, at(std::chrono::seconds(i)).steady);
  EXPECT_EQ(subject.limit(), 1u);
}

TEST(adaptive_limit, gains_one_for_every_round_of_good_answers) {
  adaptive_limit subject(10);
  subject.overloaded(100ms, at(0s).steady);
  ASSERT_EQ(subject.limit(), 5u);
  answer_at(1s, subject, 100ms, 6);
  EXPECT_EQ(subject.limit(), 6u);
  answer_at(2s, subject, 100ms, 500);
  EXPECT_EQ(subject.limit(), 10u);
}

TEST(adaptive_limit, ramps_up_from_one_after_an_outage) {
  adaptive_limit subject(16);
  subject.ramp();
  EXPECT_EQ(subject.limit(), 1u);
  subject.good(100ms, at(0s).steady);
  EXPECT_EQ(subject.limit(), 2u);
  subject.good(100ms, at(0s).steady);
  subject.good(100ms, at(0s).steady);
  EXPECT_EQ(subject.limit(), 4u);
  subject.overloaded(100ms, at(1s).steady);
  EXPECT_EQ(subject.limit(), 2u);
  subject.good(100ms, at(2s).steady);
  EXPECT_EQ(subject.limit(), 2u);
}

TEST(adaptive_limit, gives_way_when_answers_take_longer_and_longer) {
  adaptive_limit subject(16);
  answer_at(0s, subject, 100ms, 50);
  ASSERT_EQ(subject.limit(), 16u);
  answer_each_second(1, 60, subject, 1s);
  EXPECT_LT(subject.limit(), 8u);
  EXPECT_GE(subject.limit(), 1u);
}

TEST(adaptive_limit, does_not_mind_a_vendor_whose_answers_vary) {
  const std::array<base::duration, 2> alternating{50ms, 500ms};
  adaptive_limit subject(8);
  for (std::size_t i = 0; i < 2'000; ++i)
    subject.good(alternating[i % 2], at(std::chrono::seconds(i)).steady);
  EXPECT_EQ(subject.limit(), 8u);

  adaptive_limit mostly_slow(8);
  for (std::size_t i = 0; i < 2'000; ++i)
    mostly_slow.good(i % 10 == 0 ? 20ms : 300ms, at(std::chrono::seconds(i)).steady);
  EXPECT_EQ(mostly_slow.limit(), 8u);
}

TEST(adaptive_limit, gets_used_to_a_vendor_that_has_become_slower) {
  adaptive_limit subject(16);
  answer_at(0s, subject, 100ms, 200);
  answer_each_second(1, 100, subject, 1s);
  EXPECT_EQ(subject.limit(), 4u) << "slowness alone takes three quarters at most";
  answer_each_second(100, 400, subject, 1s);
  EXPECT_EQ(subject.limit(), 16u);
}

TEST(adaptive_limit, that_overload_brought_down_is_not_raised_by_slowness) {
  adaptive_limit subject(16);
  answer_at(0s, subject, 100ms, 50);
  for (int i = 1; i < 10; ++i)
    subject.overloaded(1s, at(std::chrono::seconds(i)).steady);
  ASSERT_EQ(subject.limit(), 1u);
  subject.good(10s, at(20s).steady);
  EXPECT_EQ(subject.limit(), 1u);
}

TEST(adaptive_limit, does_not_mind_small_differences_of_a_fast_vendor) {
  adaptive_limit subject(16);
  answer_at(0s, subject, 2ms, 100);
  answer_at(1s, subject, 20ms, 100);
  EXPECT_EQ(subject.limit(), 16u);
}

TEST(rate_meter, knows_the_last_minute) {
  rate_meter subject(at(0s).steady);
  EXPECT_FALSE(subject.per_second(at(1s).steady));
  for (int i = 0; i < 30; ++i)
    subject.add(10, at(std::chrono::seconds(i)).steady);
  EXPECT_NEAR(*subject.per_second(at(30s).steady), 10, 0.5);
  EXPECT_NEAR(*subject.per_second(at(60s).steady), 5, 0.5);
  EXPECT_FALSE(subject.per_second(at(10min).steady));
}

}  // namespace
}  // namespace cartrelay::dispatch
