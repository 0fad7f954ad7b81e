#include "lane_bench.hpp"

namespace cartrelay::dispatch {
namespace {

using queue::end_state;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// What comes back: after a restart, by a replay, under new settings.
class lane_of_returns : public lane_bench {
 protected:
  std::vector<queue::sequence> wanted(std::size_t most = 100) {
    std::vector<queue::sequence> out;
    for (const auto& one : subject->wants_back(most))
      out.push_back(one.number);
    return out;
  }
  void bring_back(queue::sequence number, const event_plan& what,
                  std::optional<queue::exception> stored = {}) {
    subject->bring_back(number, at(0s).wall, what, std::move(stored), now);
  }
};

TEST_F(lane_of_returns, a_restart_goes_on_where_the_queue_says) {
  queue::unit_state stood;
  stood.cursor = 10;
  stood.exceptions = {row(4), row(9), row(12)};
  stood.exceptions[0].next_attempt = at(30s).wall;
  stood.exceptions[0].tries.count = 2;
  stood.ended_after = {11, 14};
  begin(stood);
  EXPECT_EQ(subject->position(), 10u);
  EXPECT_FALSE(subject->wants_events(now)) << "what is older comes first";
  EXPECT_THAT(wanted(), ElementsAre(4, 9, 12));
  EXPECT_THAT(wanted(2), ElementsAre(4, 9));
  bring_back(4, plan({"a"}));
  bring_back(9, plan({"a"}));
  bring_back(12, plan({"b"}));
  EXPECT_TRUE(subject->wants_events(now));
  for (queue::sequence number = 11; number <= 15; ++number)
    offer(number, plan({"new " + std::to_string(number)}));
  std::vector<queue::sequence> sent;
  while (auto next = subject->take(now)) {
    sent.push_back(next->numbers.front());
    deliver(*next);
  }
  EXPECT_THAT(sent, ElementsAre(12, 13, 15)) << "4 waits for its time, 9 for 4, 11 and 14 had ended";
  sleep();
  EXPECT_EQ(now.wall, at(30s).wall);
  deliver(take());
  deliver(take());
  const auto step = commit();
  EXPECT_EQ(step.cursor, 15u);
  EXPECT_THAT(step.ends, SizeIs(5));
}

TEST_F(lane_of_returns, rows_beyond_the_bound_are_kept_as_numbers_only) {
  limits.capacity = 2;
  queue::unit_state stood;
  stood.cursor = 10;
  stood.exceptions = {row(1), row(2)};
  stood.more_exceptions = {3};
  begin(stood);
  EXPECT_THAT(wanted(), ElementsAre(1, 2));
  bring_back(1, plan({"a"}));
  bring_back(2, plan({"b"}));
  EXPECT_THAT(wanted(), IsEmpty());
  deliver(take());
  const auto third = subject->wants_back(10);
  ASSERT_THAT(third, SizeIs(1));
  EXPECT_TRUE(third[0].needs_row);
  bring_back(3, plan({"c"}), row(3));
  deliver(take());
  deliver(take());
  EXPECT_THAT(commit().ends, SizeIs(3));
}

TEST_F(lane_of_returns, what_cannot_be_brought_back_is_a_dead_letter) {
  queue::unit_state stood;
  stood.cursor = 10;
  stood.exceptions = {row(1), row(2)};
  begin(stood);
  subject->bring_back_broken(1, "corrupt", "words", std::nullopt, now);
  subject->forget(2);
  EXPECT_THAT(wanted(), IsEmpty());
  const auto ends = commit().ends;
  ASSERT_THAT(ends, SizeIs(1));
  EXPECT_EQ(ends[0].reason, "corrupt");
}

TEST_F(lane_of_returns, what_cannot_be_brought_back_keeps_what_its_row_says) {
  begin();
  subject->replayed({5, 6});
  auto stored = row(5), marked = row(6);
  stored.tries.count = 3;
  stored.memo = "left over";
  marked.marked = true;
  subject->bring_back_broken(5, "corrupt", "words", stored, now);
  subject->bring_back_broken(6, "corrupt", "words", marked, now);
  const auto ends = commit().ends;
  ASSERT_THAT(ends, SizeIs(2));
  EXPECT_EQ(ends[0].reason, "corrupt");
  EXPECT_EQ(ends[0].tries.count, 3u);
  EXPECT_EQ(ends[0].memo, "left over");
  EXPECT_EQ(ends[1].reason, "in_doubt");
}

TEST_F(lane_of_returns, a_replay_takes_its_place_and_keeps_its_history) {
  begin();
  offer(5, plan({"a"}));
  refuse(take(), false);
  commit();
  offer(6, plan({"a"}));
  subject->replayed({5, 5});
  EXPECT_THAT(wanted(), ElementsAre(5));
  auto stored = row(5);
  stored.tries.count = 1;
  stored.memo = "left over";
  stored.age_from = now.wall;
  bring_back(5, plan({"a"}), stored);
  subject->replayed({5});
  EXPECT_THAT(wanted(), IsEmpty());
  const auto again = take();
  EXPECT_THAT(again.numbers, ElementsAre(5));
  EXPECT_THAT(again.memos, ElementsAre("left over"));
  EXPECT_TRUE(nothing_to_send());
  deliver(again);
  deliver(take());
  EXPECT_EQ(commit().ends.at(0).tries.count, 2u);
}

TEST_F(lane_of_returns, a_replay_that_failed_brings_nothing_back_whose_end_is_not_durable_yet) {
  begin();
  subject->replayed({5, 6});
  bring_back(5, plan({"a"}), row(5));
  bring_back(6, plan({"b"}), row(6));
  deliver(take());
  const auto under_way = subject->step(now);
  deliver(take());
  subject->replayed({5, 6, 7});
  EXPECT_THAT(wanted(), ElementsAre(7)) << "5 ends with the step that is under way, 6 with the next";
  subject->refused(now);
  subject->replayed({5, 6});
  EXPECT_THAT(wanted(), ElementsAre(7));
  pass(1s);
  commit();
  subject->replayed({5});
  EXPECT_THAT(wanted(), ElementsAre(5, 7)) << "whatever the queue says of it now";
}

TEST_F(lane_of_returns, nobody_overtakes_what_was_replayed_and_is_not_back_yet) {
  begin();
  offer(5, plan({"a"}));
  refuse(take(), false);
  commit();
  offer(6, plan({"a"}));
  offer(7, plan({"b"}));
  subject->replayed({5});
  EXPECT_TRUE(nothing_to_send());
  EXPECT_GT(*subject->next_wakeup(now), now.steady) << "what it waits for wakes it";
  bring_back(5, plan({"a"}), row(5));
  EXPECT_THAT(take().numbers, ElementsAre(5));
  EXPECT_THAT(take().numbers, ElementsAre(7));
  EXPECT_TRUE(nothing_to_send());
}

TEST_F(lane_of_returns, the_younger_go_where_there_is_no_room_for_the_replayed) {
  limits.capacity = 2;
  begin();
  offer(6, plan({"a"}));
  offer(7, plan({"b"}));
  subject->replayed({5});
  EXPECT_THAT(wanted(), IsEmpty());
  EXPECT_THAT(take().numbers, ElementsAre(6));
}

TEST_F(lane_of_returns, what_the_vendor_gave_already_stays_whatever_the_end) {
  given.retry.max_age = 60s;
  queue::unit_state stood;
  stood.cursor = 10;
  stood.exceptions = {row(1), row(2), row(3), row(4)};
  for (auto& each : stood.exceptions)
    each.results = "{}";
  stood.exceptions[1].marked = true;
  begin(stood);
  auto nowhere = plan({"c"});
  nowhere.obstacle.emplace().what = destinations::screening::outcome::unmappable;
  bring_back(1, plan({"a"}));
  bring_back(2, plan({"b"}));
  bring_back(3, nowhere);
  subject->bring_back_broken(4, "corrupt", "words", std::nullopt, now);
  fail(take());
  auto step = commit();
  EXPECT_EQ(step.exceptions.at(0).results, "{}") << "while it waits";
  EXPECT_THAT(step.ends, testing::Each(testing::Field(&queue::end::results, "{}")));
  EXPECT_THAT(step.ends, SizeIs(3)) << "in doubt, unmappable, corrupt";
  pass(61s);
  subject->tick(now);
  step = commit();
  EXPECT_EQ(step.ends.at(0).state, end_state::expired);
  EXPECT_EQ(step.ends.at(0).results, "{}");
}

TEST_F(lane_of_returns, the_age_of_a_replay_counts_from_the_replay) {
  given.retry.max_age = 60s;
  begin();
  pass(1h);
  subject->replayed({5});
  auto stored = row(5);
  stored.age_from = now.wall;
  bring_back(5, plan({"a"}), stored);
  pass(59s);
  deliver(take());
}

TEST_F(lane_of_returns, new_settings_plan_every_pending_event_anew) {
  begin();
  offer(1, plan({"a"}));
  offer(2, plan({"a"}));
  offer(3, plan({"b"}));
  fail(take());
  subject->change(given, {10, 10'000, 0, 0ms}, now);
  EXPECT_FALSE(subject->wants_events(now));
  EXPECT_THAT(wanted(), ElementsAre(1, 2, 3));
  EXPECT_EQ(commit().cursor, 1u) << "what is being planned holds the cursor like what is pending";
  bring_back(1, plan({"a"}));
  bring_back(2, plan({"c"}));
  auto nowhere = plan({"b"}, rank::view);
  nowhere.obstacle.emplace().what = destinations::screening::outcome::skipped;
  bring_back(3, nowhere);
  EXPECT_THAT(take().numbers, ElementsAre(2)) << "1 still waits for its retry, and 2 no longer for 1";
  EXPECT_EQ(commit().ends.at(0).state, end_state::skipped);
}

}  // namespace
}  // namespace cartrelay::dispatch
