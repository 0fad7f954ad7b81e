#include "lane_bench.hpp"

namespace cartrelay::dispatch {
namespace {

using destinations::verdict;
using queue::end_state;
using testing::SizeIs;

/// What becomes of events of which nobody knows whether the vendor has them.
class lane_in_doubt : public lane_bench {};

TEST_F(lane_in_doubt, a_send_that_must_not_be_repeated_is_marked_first) {
  given.on_in_doubt = destinations::on_in_doubt::dead_letter;
  begin();
  offer_many(1, 1);
  const auto only = take();
  const auto due = subject->prepare(only, {}, now);
  ASSERT_TRUE(due);
  const auto step = commit();
  EXPECT_TRUE(subject->records().durable(*due));
  ASSERT_THAT(step.exceptions, SizeIs(1));
  EXPECT_TRUE(step.exceptions[0].marked);

  auto doubtful = came(only, verdict::in_doubt, 0, "timeout");
  subject->finish(only, std::move(doubtful), now);
  const auto end = commit().ends.at(0);
  EXPECT_EQ(end.state, end_state::dead_letter);
  EXPECT_EQ(end.reason, "in_doubt");

  queue::unit_state stood;
  stood.cursor = step.cursor;
  stood.exceptions = step.exceptions;
  begin(stood);
  ASSERT_THAT(subject->wants_back(10), SizeIs(1));
  subject->bring_back(1, at(0s).wall, plan({"1"}), std::nullopt, now);
  EXPECT_TRUE(nothing_to_send());
  EXPECT_EQ(commit().ends.at(0).reason, "in_doubt");
}

TEST_F(lane_in_doubt, a_mark_says_what_was_under_way_and_nothing_of_what_was_before) {
  given.on_in_doubt = destinations::on_in_doubt::dead_letter;
  begin();
  offer_many(1, 1);
  fail(take());
  commit();
  pass(20s);
  const auto again = take();
  static_cast<void>(subject->prepare(again, {}, now, "POST https://vendor.test/again"));
  const auto step = commit();
  const auto& mark = step.exceptions.at(0).tries;
  EXPECT_EQ(mark.count, 2u);
  EXPECT_EQ(mark.first, at(0s).wall);
  EXPECT_EQ(mark.last, now.wall);
  EXPECT_EQ(mark.request, "POST https://vendor.test/again");
  EXPECT_EQ(mark.status, 0);
  EXPECT_TRUE(mark.answer.empty()) << "the answer to the first says nothing about the second";

  queue::unit_state stood;
  stood.cursor = step.cursor;
  stood.exceptions = step.exceptions;
  begin(stood);
  subject->bring_back(1, at(0s).wall, plan({"1"}), std::nullopt, now);
  const auto end = commit().ends.at(0);
  EXPECT_EQ(end.tries.count, 2u);
  EXPECT_EQ(end.tries.last, now.wall);
  EXPECT_EQ(end.tries.request, "POST https://vendor.test/again");
}

TEST_F(lane_in_doubt, a_mark_is_taken_back_when_the_vendor_surely_did_nothing) {
  given.on_in_doubt = destinations::on_in_doubt::dead_letter;
  begin();
  offer_many(1, 1);
  const auto only = take();
  static_cast<void>(subject->prepare(only, {}, now));
  commit();
  fail(only);
  const auto row = commit().exceptions.at(0);
  EXPECT_FALSE(row.marked);
  EXPECT_EQ(row.tries.count, 1u) << "counted once";
}

TEST_F(lane_in_doubt, a_mark_is_taken_back_when_the_batch_was_refused) {
  given.on_in_doubt = destinations::on_in_doubt::dead_letter;
  rules.max_events = 2;
  begin();
  offer_many(1, 2);
  const auto both = take();
  static_cast<void>(subject->prepare(both, {}, now));
  commit();
  refuse(both, true);
  const auto rows = commit().exceptions;
  ASSERT_EQ(rows.size(), 2u);
  for (const auto& row : rows) {
    EXPECT_FALSE(row.marked) << "the vendor has answered";
    EXPECT_EQ(row.tries.count, 1u);
    EXPECT_EQ(row.tries.status, 400);
  }
}

TEST_F(lane_in_doubt, in_doubt_is_sent_again_where_that_is_harmless) {
  begin();
  offer_many(1, 1);
  const auto only = take();
  EXPECT_FALSE(subject->prepare(only, {}, now));
  subject->finish(only, came(only, verdict::in_doubt, 0, "timeout"), now);
  sleep();
  deliver(take());
}

}  // namespace
}  // namespace cartrelay::dispatch
