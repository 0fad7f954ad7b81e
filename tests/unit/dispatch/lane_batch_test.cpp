#include "lane_bench.hpp"

#include <set>

namespace cartrelay::dispatch {
namespace {

using destinations::verdict;
using queue::end_state;
using testing::ElementsAre;
using testing::SizeIs;

/// What becomes of events that were sent together.
class lane_with_batches : public lane_bench {};

TEST_F(lane_with_batches, a_poisoned_batch_is_halved_until_the_culprit_stands_alone) {
  rules = {8, 10'000, 0, 0ms};
  begin();
  offer_many(1, 8);
  std::size_t requests = 0;
  while (auto next = subject->take(now)) {
    ++requests;
    const bool poisoned = std::find(next->numbers.begin(), next->numbers.end(), 6u) != next->numbers.end();
    poisoned ? refuse(*next, true) : deliver(*next);
  }
  EXPECT_LE(requests, 7u);
  const auto step = commit();
  EXPECT_EQ(step.cursor, 8u);
  ASSERT_THAT(step.ends, SizeIs(8));
  for (const auto& end : step.ends) {
    EXPECT_EQ(end.state, end.number == 6 ? end_state::dead_letter : end_state::delivered);
    if (end.number != 6) continue;
    EXPECT_EQ(end.reason, "rejected");
    EXPECT_EQ(end.evidence, R"({"method":"POST"})");
    EXPECT_EQ(end.tries.count, 4u);
  }
}

TEST_F(lane_with_batches, a_refusal_that_is_not_divisible_is_final) {
  rules = {8, 10'000, 0, 0ms};
  begin();
  offer_many(1, 3);
  refuse(take(), false);
  EXPECT_TRUE(nothing_to_send());
  EXPECT_THAT(commit().ends, SizeIs(3));
}

/// A vendor that fails over one event of twenty: so often is it asked until all others are delivered.
class lane_of_a_vendor_that_stumbles : public lane_bench, public testing::WithParamInterface<std::size_t> {
 protected:
  static bool stumbles(const batch& over) {
    return std::ranges::any_of(over.numbers, [](auto number) { return number % 20 == 7; });
  }
  void until_delivered(std::size_t all) {
    for (std::size_t delivered = 0; delivered < all;) {
      ASSERT_LT(now.steady, at(2min).steady) << delivered << " were delivered";
      sleep();
      if (const auto next = subject->take(now)) {
        if (!stumbles(*next)) delivered += next->numbers.size();
        stumbles(*next) ? fail(*next, 500) : deliver(*next);
      }
      if (subject->step(now)) subject->committed();
    }
  }
};

TEST_P(lane_of_a_vendor_that_stumbles, the_others_get_through) {
  rules = {GetParam(), 10'000, 0, 0ms};
  given.retry.initial = 1s;
  begin();
  offer_many(1, 1'000);
  until_delivered(950);
}
INSTANTIATE_TEST_SUITE_P(batches, lane_of_a_vendor_that_stumbles, testing::Values(1, 8, 64),
                         [](const auto& of) { return "of_" + std::to_string(of.param); });

TEST_F(lane_with_batches, what_failed_once_or_was_too_much_goes_together_again) {
  rules = {8, 10'000, 0, 0ms};
  begin();
  offer_many(1, 8);
  fail(take(), 500);
  sleep();
  auto again = take();
  EXPECT_THAT(again.numbers, SizeIs(8));
  fail(again, 503);
  pass(10min);
  EXPECT_THAT(take().numbers, SizeIs(8));
}

TEST_F(lane_with_batches, after_a_partial_failure_the_batch_is_formed_anew) {
  rules = {8, 10'000, 0, 0ms};
  begin();
  offer_many(1, 3);
  const auto first = take();
  auto result = came(first, verdict::delivered, 207);
  result.judgements[1].what = verdict::retry;
  result.judgements[1].reason = "http_503";
  subject->finish(first, std::move(result), now);
  offer(4, plan({"4"}));
  sleep();
  std::set<queue::sequence> sent;
  while (auto next = subject->take(now)) {
    sent.insert(next->numbers.begin(), next->numbers.end());
    deliver(*next);
    if (sent.size() < 2) sleep();
  }
  EXPECT_THAT(sent, ElementsAre(2, 4));
}

TEST_F(lane_with_batches, what_fails_together_again_goes_its_own_ways) {
  rules = {100, 100'000, 0, 0ms};
  begin();
  offer_many(1, 10);
  const auto first = take();
  ASSERT_THAT(first.numbers, SizeIs(10));
  fail(first, 500);
  sleep();
  const auto second = take();
  EXPECT_THAT(second.numbers, SizeIs(10)) << "once together: a vendor may stumble";
  fail(second, 500);
  sleep();
  EXPECT_LT(take().numbers.size(), 10u);
}

}  // namespace
}  // namespace cartrelay::dispatch
