#include "lane_bench.hpp"

namespace cartrelay::dispatch {
namespace {

using queue::end_state;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// The events of a customer are withdrawn, wherever they are.
class lane_of_the_forgotten : public lane_bench {
 protected:
  void expect_erased(const queue::end& how, queue::sequence number) {
    EXPECT_EQ(how.number, number);
    EXPECT_EQ(how.state, end_state::discarded);
    EXPECT_EQ(how.reason, "erased");
    EXPECT_EQ(how.detail, "");
    EXPECT_EQ(how.evidence, "");
    EXPECT_TRUE(how.withdrawn);
  }
};

TEST_F(lane_of_the_forgotten, what_waits_ends_and_others_go_on) {
  begin();
  offer(1, plan({"a"}));
  offer(2, plan({"a"}));
  EXPECT_EQ(subject->withdraw({1}, now), 1u);
  EXPECT_FALSE(subject->holds({1}));
  EXPECT_THAT(take().numbers, ElementsAre(2)) << "its key is free";
  const auto step = commit();
  ASSERT_THAT(step.ends, SizeIs(1));
  expect_erased(step.ends[0], 1);
  EXPECT_EQ(step.cursor, 1u);
}

TEST_F(lane_of_the_forgotten, what_is_in_flight_may_still_be_delivered) {
  begin();
  offer(1, plan({"a"}));
  const auto sent = take();
  EXPECT_EQ(subject->withdraw({1}, now), 0u);
  EXPECT_TRUE(subject->holds({1}));
  deliver(sent);
  EXPECT_FALSE(subject->holds({1}));
  const auto step = commit();
  EXPECT_EQ(step.ends.at(0).state, end_state::delivered);
  EXPECT_TRUE(step.ends[0].withdrawn) << "the queue has to keep what the erasure looks for";
}

TEST_F(lane_of_the_forgotten, what_is_in_flight_is_not_tried_again) {
  begin();
  offer(1, plan({"a"}));
  const auto sent = take();
  EXPECT_EQ(subject->withdraw({1}, now), 0u);
  fail(sent);
  EXPECT_FALSE(subject->holds({1}));
  const auto step = commit();
  expect_erased(step.ends.at(0), 1);
  EXPECT_EQ(step.ends[0].tries.count, 1u) << "by which the queue finds who shared its batches";
  EXPECT_THAT(step.exceptions, IsEmpty());
  pass(1h);
  EXPECT_TRUE(nothing_to_send());
}

TEST_F(lane_of_the_forgotten, a_refused_batch_is_halved_without_it) {
  rules.max_events = 4;
  begin();
  for (queue::sequence number = 1; number <= 4; ++number)
    offer(number, plan({"key " + std::to_string(number)}));
  refuse(take(), true);
  EXPECT_EQ(subject->withdraw({1, 3, 4}, now), 3u);
  EXPECT_THAT(take().numbers, ElementsAre(2));
  EXPECT_TRUE(nothing_to_send()) << "of the other half nothing is left";
}

TEST_F(lane_of_the_forgotten, what_was_not_read_yet_is_not_taken_up) {
  begin();
  offer(1, plan({"a"}));
  EXPECT_EQ(subject->withdraw({3}, now), 1u);
  EXPECT_EQ(subject->withdraw({3}, now), 0u) << "once";
  for (queue::sequence number = 2; number <= 4; ++number)
    offer(number, plan({"key " + std::to_string(number)}));
  EXPECT_EQ(subject->held(), 3u);
  expect_erased(commit().ends.at(0), 3);
}

TEST_F(lane_of_the_forgotten, what_comes_back_from_before_does_not) {
  queue::unit_state stood;
  stood.cursor = 5;
  stood.exceptions = {row(2), row(4), row(7)};
  begin(stood);
  EXPECT_EQ(subject->withdraw({2, 7}, now), 2u);
  EXPECT_THAT(subject->wants_back(10), SizeIs(1));
  subject->bring_back(2, at(0s).wall, plan({"a"}), row(2), now);
  EXPECT_FALSE(subject->holds({2, 7})) << "a read that was under way comes too late";
  EXPECT_THAT(commit().ends, SizeIs(2));
}

TEST_F(lane_of_the_forgotten, what_is_to_be_planned_anew_ends_with_its_attempts) {
  begin();
  offer(1, plan({"a"}));
  fail(take());
  subject->change(given, rules, now);
  EXPECT_EQ(subject->withdraw({1}, now), 1u);
  const auto step = commit();
  expect_erased(step.ends.at(0), 1);
  EXPECT_EQ(step.ends[0].tries.count, 1u) << "by which the queue finds who shared its batches";
}

TEST_F(lane_of_the_forgotten, events_of_before_the_cursor_that_ended_are_left_alone) {
  begin();
  offer(1, plan({"a"}));
  deliver(take());
  commit();
  EXPECT_EQ(subject->withdraw({1}, now), 0u);
  EXPECT_FALSE(subject->step(now));
}

TEST_F(lane_of_the_forgotten, an_answer_to_a_batch_is_not_kept_in_memory) {
  rules.max_events = 2;
  begin();
  offer(1, plan({"a"}));
  offer(2, plan({"b"}));
  const auto both = take();
  subject->withdraw({1}, now);
  fail(both);
  EXPECT_EQ(commit().exceptions.at(0).tries.answer, "words");
  EXPECT_FALSE(subject->holds({1}));
  subject->forget_shared_answers();
  pass(1h);
  auto again = take();
  attempt_result unsent;
  unsent.abandoned = true;
  unsent.judgements.emplace_back().what = destinations::verdict::retry;
  subject->finish(again, unsent, now);
  EXPECT_EQ(commit().exceptions.at(0).tries.answer, "") << "it may quote the other";
}

}  // namespace
}  // namespace cartrelay::dispatch
