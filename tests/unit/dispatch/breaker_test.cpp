#include "dispatch/breaker.hpp"

#include "moments.hpp"

#include <gtest/gtest.h>

namespace cartrelay::dispatch {
namespace {

class breaker_of_a_vendor : public testing::Test {
 protected:
  void fail(std::uint64_t key, std::chrono::seconds when) {
    subject.failed(key, false, "http_503", at(when).steady, random);
  }
  void open() {
    for (std::uint64_t key = 1; key <= breaker::failures_to_open; ++key)
      fail(key, 0s);
  }

  static destinations::retry_options rules() {
    destinations::retry_options out;
    out.initial = 10s;
    out.max = 100s;
    return out;
  }

  base::random_source random{5};
  breaker subject{rules()};
};

TEST_F(breaker_of_a_vendor, opens_after_failures_in_a_row_over_different_keys) {
  for (std::uint64_t key = 1; key < breaker::failures_to_open; ++key) {
    fail(key, 0s);
    EXPECT_EQ(subject.now_is(), breaker::state::closed) << key;
  }
  fail(77, 0s);
  EXPECT_EQ(subject.now_is(), breaker::state::open);
  EXPECT_EQ(subject.reason(), "http_503");
  EXPECT_GE(subject.probe_at(), at(5s).steady);
  EXPECT_LE(subject.probe_at(), at(10s).steady);
}

TEST_F(breaker_of_a_vendor, one_event_that_always_fails_does_not_open_it) {
  for (int i = 0; i < 100; ++i)
    fail(1, 0s);
  EXPECT_EQ(subject.now_is(), breaker::state::closed);
  fail(2, 0s);
  EXPECT_EQ(subject.now_is(), breaker::state::open);
}

TEST_F(breaker_of_a_vendor, a_batch_of_several_orders_that_fails_again_and_again_opens_it) {
  for (std::uint32_t i = 0; i < breaker::failures_to_open; ++i)
    subject.failed(std::nullopt, false, "http_503", at(0s).steady, random);
  EXPECT_EQ(subject.now_is(), breaker::state::open);
}

TEST_F(breaker_of_a_vendor, an_answer_in_between_starts_the_count_again) {
  for (std::uint64_t key = 1; key < breaker::failures_to_open; ++key)
    fail(key, 0s);
  EXPECT_FALSE(subject.alive());
  for (std::uint64_t key = 1; key < breaker::failures_to_open; ++key)
    fail(key, 0s);
  EXPECT_EQ(subject.now_is(), breaker::state::closed);
}

TEST_F(breaker_of_a_vendor, probes_at_growing_intervals_up_to_the_maximum) {
  open();
  auto now = subject.probe_at();
  base::duration longest = 0s;
  for (int i = 0; i < 12; ++i) {
    subject.probe();
    EXPECT_EQ(subject.now_is(), breaker::state::half_open);
    subject.failed(1, true, "timeout", now, random);
    EXPECT_EQ(subject.now_is(), breaker::state::open);
    const auto interval = subject.probe_at() - now;
    if (i >= 4) {
      EXPECT_GE(interval, 50s);
    }
    EXPECT_LE(interval, 100s);
    longest = std::max(longest, interval);
    now = subject.probe_at();
  }
  EXPECT_GT(longest, 50s);
  EXPECT_EQ(subject.reason(), "timeout");
}

TEST_F(breaker_of_a_vendor, a_hastened_probe_that_fails_puts_nothing_off) {
  open();
  const auto due = subject.probe_at();
  for (const auto when : {1s, 2s, 3s}) {
    subject.hasten(at(when).steady);
    subject.hasten(at(when).steady);
    EXPECT_EQ(subject.probe_at(), at(when).steady);
    subject.probe();
    subject.failed(1, true, "timeout", at(when + 1s).steady, random);
    EXPECT_EQ(subject.now_is(), breaker::state::open);
    EXPECT_EQ(subject.probe_at(), due);
  }
  EXPECT_EQ(subject.reason(), "timeout");
  subject.hasten(at(4s).steady);
  subject.probe();
  subject.failed(1, true, "timeout", due, random);
  EXPECT_GE(subject.probe_at(), due + 10s) << "it took the place of the one that was due meanwhile";
}

TEST_F(breaker_of_a_vendor, what_was_under_way_when_it_opened_changes_nothing) {
  open();
  const auto probe_at = subject.probe_at();
  fail(3, 4s);
  EXPECT_EQ(subject.probe_at(), probe_at);
  subject.probe();
  fail(3, 20s);
  EXPECT_EQ(subject.now_is(), breaker::state::half_open);
}

TEST_F(breaker_of_a_vendor, closes_when_the_vendor_answers_and_starts_from_scratch) {
  open();
  subject.probe();
  EXPECT_TRUE(subject.alive());
  EXPECT_EQ(subject.now_is(), breaker::state::closed);
  fail(1, 60s);
  fail(2, 60s);
  EXPECT_EQ(subject.now_is(), breaker::state::closed);
  for (std::uint64_t key = 1; key < breaker::failures_to_open; ++key)
    fail(key, 60s);
  EXPECT_LE(subject.probe_at(), at(70s).steady);
}

}  // namespace
}  // namespace cartrelay::dispatch
