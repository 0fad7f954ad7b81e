#include "lane_bench.hpp"

namespace cartrelay::dispatch {
namespace {

using queue::end_state;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(lane_bench, delivers_and_moves_the_cursor_with_ends_alone) {
  begin();
  offer(3, plan({"a"}));
  offer(7, plan({"b"}));
  subject->pass(9);
  deliver(take());
  deliver(take());
  EXPECT_TRUE(nothing_to_send());
  const auto step = commit();
  EXPECT_EQ(step.cursor, 9u);
  EXPECT_THAT(step.exceptions, IsEmpty());
  ASSERT_THAT(step.ends, SizeIs(2));
  EXPECT_EQ(step.ends[0].number, 3u);
  EXPECT_EQ(step.ends[0].state, end_state::delivered);
  EXPECT_EQ(step.ends[0].tries.count, 1u);
  EXPECT_EQ(step.ends[0].tries.request, "POST https://vendor.test/");
  EXPECT_EQ(step.attempts, 2u);
  EXPECT_EQ(step.failed_attempts, 0u);
  EXPECT_TRUE(subject->settled());
}

TEST_F(lane_bench, the_cursor_stops_before_what_is_unfinished) {
  begin();
  for (queue::sequence number = 1; number <= 3; ++number)
    offer(number, plan({std::to_string(number)}));
  const auto first = take();
  deliver(take());
  EXPECT_EQ(commit().cursor, 0u);
  deliver(first);
  EXPECT_EQ(commit().cursor, 2u);
}

TEST_F(lane_bench, one_step_at_a_time_and_the_next_takes_what_came_meanwhile) {
  begin();
  for (queue::sequence number = 1; number <= 4; ++number)
    offer(number, plan({std::to_string(number)}));
  deliver(take());
  ASSERT_TRUE(subject->step(now));
  deliver(take());
  deliver(take());
  EXPECT_FALSE(subject->step(now));
  subject->committed();
  EXPECT_THAT(commit().ends, SizeIs(2));
}

/// Steps that nobody waits for are taken now and then, and one attempt goes on.
class lane_of_gathering_ends : public lane_bench {
 protected:
  batch begin_with_a_long_one(queue::sequence events) {
    limits.step_every = 20ms;
    limits.ends_per_step = 2;
    begin();
    for (queue::sequence number = 1; number <= events; ++number)
      offer(number, plan({std::to_string(number)}));
    return take();
  }
};

TEST_F(lane_of_gathering_ends, while_attempts_go_on_ends_gather_before_they_are_told) {
  const auto long_one = begin_with_a_long_one(4);
  deliver(take());
  EXPECT_THAT(commit().ends, SizeIs(1)) << "the last step is long ago";
  deliver(take());
  EXPECT_FALSE(subject->step(now));
  pass(20ms);
  EXPECT_THAT(commit().ends, SizeIs(1));
  deliver(take());
  EXPECT_FALSE(subject->step(now));
  deliver(long_one);
  EXPECT_THAT(commit().ends, SizeIs(2)) << "nothing is under way any more";
}

TEST_F(lane_of_gathering_ends, what_somebody_waits_for_is_told_at_once) {
  const auto long_one = begin_with_a_long_one(5);
  deliver(take());
  commit();
  deliver(take());
  EXPECT_FALSE(subject->step(now));
  static_cast<void>(subject->pause(true, now));
  EXPECT_TRUE(commit().control);
  static_cast<void>(subject->pause(false, now));
  commit();
  deliver(take());
  EXPECT_FALSE(subject->step(now));
  deliver(take());
  EXPECT_THAT(commit().ends, SizeIs(2)) << "enough have come together";
}

TEST_F(lane_of_gathering_ends, what_attempts_wait_for_gathers_for_a_shorter_time) {
  given.on_in_doubt = destinations::on_in_doubt::dead_letter;
  limits.awaited_step_every = 4ms;
  begin_with_a_long_one(4);
  const auto first = take(), second = take(), third = take();
  EXPECT_TRUE(subject->prepare(first, {}, now));
  EXPECT_THAT(commit().exceptions, SizeIs(1)) << "the last step is long ago";
  EXPECT_TRUE(subject->prepare(second, {}, now));
  EXPECT_TRUE(subject->prepare(third, {}, now));
  EXPECT_FALSE(subject->step(now));
  pass(4ms);
  EXPECT_THAT(commit().exceptions, SizeIs(2));
}

TEST_F(lane_of_gathering_ends, what_all_attempts_wait_for_is_told_at_once) {
  given.on_in_doubt = destinations::on_in_doubt::dead_letter;
  limits.awaited_step_every = 4ms;
  const auto first = begin_with_a_long_one(2);
  EXPECT_TRUE(subject->prepare(first, {}, now));
  commit();
  deliver(first);
  const auto second = take();
  EXPECT_TRUE(subject->prepare(second, {}, now));
  EXPECT_THAT(commit().exceptions, SizeIs(1));
}

TEST_F(lane_bench, a_probe_is_one_event_of_a_half_that_was_planned) {
  rules.max_events = 4;
  begin();
  for (queue::sequence number = 1; number <= 4; ++number)
    offer(number, plan({std::to_string(number)}));
  refuse(take(), true);
  const auto half = take();
  EXPECT_THAT(half.numbers, ElementsAre(1, 2));
  subject->finish(half, came(half, destinations::verdict::unauthorized, 401, "http_401"), now);
  EXPECT_TRUE(nothing_to_send());
  pass(61s);
  const auto probe = take();
  EXPECT_TRUE(probe.probe);
  EXPECT_THAT(probe.numbers, ElementsAre(3));
  deliver(probe);
  EXPECT_THAT(take().numbers, ElementsAre(4)) << "the rest of it";
}

TEST_F(lane_bench, ends_without_an_attempt_hold_up_no_attempt) {
  limits.repeatable_ends = 1;
  limits.undurable_ends = 3;
  begin();
  auto skipped = plan({"b"});
  skipped.obstacle.emplace().what = destinations::screening::outcome::skipped;
  offer(1, plan({"a"}));
  for (queue::sequence number = 2; number <= 4; ++number) {
    EXPECT_TRUE(subject->wants_events(now));
    offer(number, skipped);
  }
  EXPECT_FALSE(subject->wants_events(now)) << "the queue has to take these first";
  deliver(take());
  commit();
  EXPECT_TRUE(subject->wants_events(now));
}

TEST_F(lane_bench, sends_nothing_more_while_too_many_ends_are_not_durable) {
  limits.repeatable_ends = 2;
  begin();
  for (queue::sequence number = 1; number <= 4; ++number)
    offer(number, plan({std::to_string(number)}));
  deliver(take());
  deliver(take());
  EXPECT_TRUE(nothing_to_send());
  commit();
  deliver(take());
}

TEST_F(lane_bench, a_step_that_the_queue_refused_goes_again_and_holds_everything_up) {
  begin();
  offer(1, plan({"a"}));
  offer(2, plan({"b"}));
  deliver(take());
  ASSERT_TRUE(subject->step(now));
  subject->refused(now);
  EXPECT_TRUE(nothing_to_send());
  EXPECT_FALSE(subject->step(now));
  sleep();
  EXPECT_THAT(commit().ends, SizeIs(1));
  deliver(take());
}

TEST_F(lane_bench, a_failed_event_waits_its_backoff_in_a_row_and_its_key_waits_with_it) {
  begin();
  offer(1, plan({"a"}));
  offer(2, plan({"a"}));
  offer(3, plan({"b"}));
  fail(take());
  const auto step = commit();
  EXPECT_EQ(step.cursor, 1u) << "event 1 has a row, event 2 has not";
  ASSERT_THAT(step.exceptions, SizeIs(1));
  const auto& row = step.exceptions[0];
  EXPECT_EQ(row.number, 1u);
  EXPECT_EQ(row.reason, "http_503");
  EXPECT_EQ(row.tries.count, 1u);
  EXPECT_EQ(row.tries.status, 503);
  EXPECT_EQ(row.tries.answer, "words");
  EXPECT_EQ(row.age_from, at(0s).wall);
  EXPECT_FALSE(row.marked);
  ASSERT_TRUE(row.next_attempt);
  EXPECT_LE(*row.next_attempt, at(10s).wall);
  EXPECT_EQ(step.failed_attempts, 1u);
  EXPECT_THAT(take().numbers, ElementsAre(3));
  EXPECT_TRUE(nothing_to_send());
  sleep();
  EXPECT_GE(now.wall, *row.next_attempt);
  deliver(take());
  EXPECT_THAT(take().numbers, ElementsAre(2));
  EXPECT_EQ(commit().ends[0].tries.count, 2u);
}

TEST_F(lane_bench, what_failed_in_one_request_comes_back_in_one) {
  rules = {100, 1'000, 0, 0ms};
  begin();
  for (queue::sequence number = 1; number <= 20; ++number)
    offer(number, plan({std::to_string(number)}));
  const auto whole = take();
  ASSERT_THAT(whole.numbers, SizeIs(20));
  fail(whole, 500);
  EXPECT_TRUE(nothing_to_send());
  sleep();
  EXPECT_EQ(take().numbers, whole.numbers);
}

TEST_F(lane_bench, screening_ends_events_without_an_attempt) {
  using outcome = destinations::screening::outcome;
  begin();
  auto view = plan({}, rank::view);
  view.obstacle = destinations::screening{outcome::skipped, "no_ticket", "/data/item"};
  offer(1, view);
  view.obstacle = destinations::screening{outcome::unmappable, "no_identity", "/data/customer"};
  offer(2, view);
  auto order = plan({});
  order.obstacle = view.obstacle;
  offer(3, order);
  EXPECT_TRUE(nothing_to_send());
  const auto ends = commit().ends;
  ASSERT_THAT(ends, SizeIs(3));
  EXPECT_EQ(ends[0].state, end_state::skipped);
  EXPECT_EQ(ends[0].reason, "no_ticket");
  EXPECT_EQ(ends[1].state, end_state::skipped);
  EXPECT_EQ(ends[1].reason, "unmappable");
  EXPECT_EQ(ends[2].state, end_state::dead_letter);
  EXPECT_EQ(ends[2].reason, "unmappable");
  EXPECT_EQ(ends[2].detail, "no_identity: /data/customer");
}

TEST_F(lane_bench, a_broken_event_ends_and_stops_nobody) {
  begin();
  subject->offer_broken(1, "corrupt", "words", now);
  offer(2, plan({"a"}));
  deliver(take());
  const auto step = commit();
  EXPECT_EQ(step.cursor, 2u);
  EXPECT_EQ(step.ends[0].state, end_state::dead_letter);
  EXPECT_EQ(step.ends[0].reason, "corrupt");
}

TEST_F(lane_bench, what_is_too_old_expires_wherever_it_waits) {
  given.retry.max_age = 60s;
  begin();
  offer(1, plan({"a"}));
  offer(2, plan({"a"}));
  offer(3, plan({"b"}));
  const auto under_way = take();
  fail(take());
  pass(60s);
  EXPECT_TRUE(nothing_to_send());
  const auto ends = commit().ends;
  ASSERT_THAT(ends, SizeIs(2));
  for (const auto& end : ends) {
    EXPECT_EQ(end.state, end_state::expired);
    EXPECT_NE(end.number, 1u) << "it is in flight";
  }
  fail(under_way);
  subject->tick(now);
  EXPECT_EQ(commit().ends[0].state, end_state::expired);
}

TEST_F(lane_bench, what_is_to_go_in_a_smaller_batch_expires_while_that_may_not_be_sent) {
  given.retry.max_age = 60s;
  rules.max_events = 4;
  begin();
  for (queue::sequence number = 1; number <= 4; ++number)
    offer(number, plan({std::to_string(number)}));
  const auto all = take();
  static_cast<void>(subject->pause(true, now));
  refuse(all, true);
  EXPECT_EQ(subject->look(now).retrying, 4u);
  ASSERT_EQ(subject->next_wakeup(now), at(60s).steady);
  pass(60s);
  subject->tick(now);
  const auto ends = commit().ends;
  ASSERT_THAT(ends, SizeIs(4));
  for (const auto& end : ends)
    EXPECT_EQ(end.state, end_state::expired);
  static_cast<void>(subject->pause(false, now));
  EXPECT_TRUE(nothing_to_send());
  EXPECT_EQ(subject->held(), 0u);
}

TEST_F(lane_bench, tells_when_the_next_attempt_is_though_others_wait_behind_it) {
  begin();
  offer(1, plan({"a"}));
  offer(2, plan({"a"}));
  const auto first = take();
  EXPECT_FALSE(subject->look(now).next_attempt_at) << "one is under way, and the other waits for it";
  fail(first);
  const auto next = subject->look(now).next_attempt_at;
  ASSERT_TRUE(next);
  EXPECT_EQ(next, subject->next_attempt(1, std::nullopt, now));
}

TEST_F(lane_bench, stops_reading_ahead_when_it_holds_enough) {
  limits.capacity = 3;
  begin();
  for (queue::sequence number = 1; number <= 3; ++number) {
    EXPECT_TRUE(subject->wants_events(now));
    offer(number, plan({"one key"}));
  }
  EXPECT_FALSE(subject->wants_events(now));
  deliver(take());
  EXPECT_TRUE(subject->wants_events(now));
}

TEST_F(lane_bench, reads_no_further_than_it_can_soon_send_unless_nothing_can_be_sent) {
  limits.ready_ahead = 3;
  begin();
  for (queue::sequence number = 1; number <= 3; ++number)
    offer(number, plan({std::to_string(number)}));
  EXPECT_FALSE(subject->wants_events(now));
  static_cast<void>(subject->pause(true, now));
  EXPECT_TRUE(subject->wants_events(now));
  static_cast<void>(subject->pause(false, now));
  static_cast<void>(take());
  EXPECT_TRUE(subject->wants_events(now));
  offer(4, plan({"1"}));
  EXPECT_TRUE(subject->wants_events(now)) << "4 waits for 1, and is not ready";
}

TEST_F(lane_bench, moves_the_cursor_past_what_waits_long_when_many_ended_behind_it) {
  limits.ended_ahead = 4;
  begin();
  offer(1, plan({"stuck"}));
  fail(take());
  offer(2, plan({"stuck"}));
  std::size_t rows = 0;
  queue::sequence cursor = 0;
  for (queue::sequence number = 3; number <= 8; ++number) {
    offer(number, plan({std::to_string(number)}));
    deliver(take());
    const auto step = commit();
    for (const auto& row : step.exceptions)
      rows += row.number == 2;
    cursor = step.cursor;
    EXPECT_EQ(rows, number < 7 ? 0u : 1u) << "a row only when it is worth one";
  }
  EXPECT_EQ(cursor, 8u);
}

TEST_F(lane_bench, tells_a_position_without_events_only_now_and_then) {
  begin();
  subject->pass(1'000);
  EXPECT_FALSE(subject->step(now));
  subject->pass(2'000);
  EXPECT_EQ(commit().cursor, 2'000u);
  EXPECT_FALSE(subject->step(now));
}

TEST_F(lane_bench, shows_what_it_is_about) {
  begin();
  offer(1, plan({"a"}));
  offer(2, plan({"b"}));
  offer(3, plan({"c"}));
  deliver(take());
  pass(5s);
  fail(take());
  const auto under_way = take();
  const auto seen = subject->look(now);
  EXPECT_EQ(subject->state(now), destination_state::active);
  EXPECT_EQ(seen.in_flight, 1u);
  EXPECT_EQ(seen.retrying, 1u);
  EXPECT_EQ(seen.oldest_pending, at(0s).wall);
  EXPECT_EQ(seen.last_success_at, at(0s).wall);
  ASSERT_TRUE(seen.last_error);
  EXPECT_EQ(seen.last_error->reason, "http_503");
  EXPECT_EQ(seen.last_error->status, 503);
  EXPECT_EQ(seen.last_error->at, at(5s).wall);
  EXPECT_GT(seen.next_attempt_at, now.wall);
  EXPECT_TRUE(seen.ends_per_second);
  deliver(under_way);
}

}  // namespace
}  // namespace cartrelay::dispatch
