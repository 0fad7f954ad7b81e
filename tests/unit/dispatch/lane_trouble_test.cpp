#include "lane_bench.hpp"

namespace cartrelay::dispatch {
namespace {

using destinations::verdict;
using queue::end_state;
using testing::ElementsAre;
using testing::Gt;
using testing::IsEmpty;
using testing::SizeIs;

class lane_in_trouble : public lane_bench {
 protected:
  /// Five failures over different keys.
  void bring_down() {
    offer_many(1, 20);
    for (int i = 0; i < 5; ++i)
      fail(take());
  }
};

TEST_F(lane_in_trouble, a_vendor_that_is_down_gets_single_probes_then_a_ramp) {
  begin();
  bring_down();
  EXPECT_EQ(subject->state(now), destination_state::backing_off);
  EXPECT_EQ(subject->reason(now), "breaker: http_503");
  EXPECT_TRUE(nothing_to_send());
  sleep();
  const auto probe = take();
  EXPECT_TRUE(probe.probe);
  EXPECT_THAT(probe.numbers, ElementsAre(Gt(5))) << "one that was not tried yet";
  EXPECT_TRUE(nothing_to_send()) << "one probe at a time";
  fail(probe);
  EXPECT_TRUE(nothing_to_send());
  sleep();
  deliver(take());
  EXPECT_EQ(subject->state(now), destination_state::active);
  const auto first = take();
  EXPECT_TRUE(nothing_to_send()) << "one at first";
  deliver(first);
  static_cast<void>(take());
  static_cast<void>(take());
  EXPECT_TRUE(nothing_to_send()) << "then two";
}

TEST_F(lane_in_trouble, behind_many_that_the_vendor_stumbles_over_one_gets_its_turn) {
  constexpr queue::sequence stumbles = 100, good = 101;
  begin();
  offer_many(1, good);
  bool delivered = false;
  for (queue::sequence attempts = 0; attempts < 2 * stumbles && !delivered; ++attempts) {
    if (subject->in_flight() == 0 && subject->state(now) != destination_state::active) sleep();
    const auto what = take();
    delivered = what.numbers.front() == good;
    delivered ? deliver(what) : fail(what, 500);
  }
  EXPECT_TRUE(delivered);
  EXPECT_EQ(subject->state(now), destination_state::active);
}

TEST_F(lane_in_trouble, where_nothing_is_left_to_ask_a_vendor_with_it_is_active) {
  given.on_in_doubt = destinations::on_in_doubt::dead_letter;
  begin();
  offer_many(1, 5);
  std::vector<batch> all;
  for (int i = 0; i < 4; ++i)
    all.push_back(take());
  for (const auto& one : all)
    subject->finish(one, came(one, verdict::in_doubt, 0, "timeout"), now);
  all = {take()};
  subject->finish(all.front(), came(all.front(), verdict::in_doubt, 0, "timeout"), now);
  EXPECT_EQ(subject->state(now), destination_state::backing_off);
  EXPECT_THAT(commit().ends, SizeIs(5));
  sleep();
  EXPECT_EQ(subject->state(now), destination_state::active);
  EXPECT_EQ(subject->reason(now), "");
  EXPECT_FALSE(subject->next_wakeup(now));

  offer_many(6, 7);
  EXPECT_EQ(subject->state(now), destination_state::backing_off);
  const auto probe = take();
  EXPECT_TRUE(nothing_to_send()) << "one decides";
  deliver(probe);
  EXPECT_EQ(subject->state(now), destination_state::active);
}

TEST_F(lane_in_trouble, nobody_waits_for_one_that_keeps_failing) {
  given.concurrency = 1;
  begin();
  offer_many(1, 1);
  for (int failures = 0; failures < 3; ++failures) {
    fail(take(), 500);
    sleep();
  }
  offer_many(2, 3);
  for (const queue::sequence expected : {2u, 3u, 1u}) {
    const auto next = take();
    EXPECT_THAT(next.numbers, ElementsAre(expected));
    deliver(next);
  }
}

TEST_F(lane_in_trouble, an_outage_does_not_burn_attempts) {
  begin();
  bring_down();
  for (int i = 0; i < 15; ++i) {
    sleep();
    fail(take());
  }
  commit();
  sleep();
  deliver(take());
  // Everything may go at once: nobody's own backoff grew while the vendor was down.
  for (int i = 0; i < 15; ++i)
    deliver(take());
}

TEST_F(lane_in_trouble, retry_after_holds_the_whole_destination_and_is_stored) {
  begin();
  offer_many(1, 3);
  fail_told(take(), 40s, 429);
  EXPECT_TRUE(nothing_to_send());
  EXPECT_EQ(subject->reason(now), "hold: http_429");
  EXPECT_EQ(subject->look(now).next_attempt_at, at(40s).wall);
  const auto step = commit();
  ASSERT_TRUE(step.control);
  EXPECT_EQ(parse_control(*step.control)->held->until, at(40s).wall);
  EXPECT_FALSE(step.exceptions[0].next_attempt) << "it goes as soon as the destination may be asked";
  pass(40s - 1us);
  EXPECT_TRUE(nothing_to_send());
  pass(1us);
  deliver(take());

  queue::unit_state stood;
  stood.control = *step.control;
  now = at(10s);
  begin(stood);
  offer(4, plan({"a"}));
  EXPECT_TRUE(nothing_to_send());
  sleep();
  EXPECT_EQ(now.wall, at(40s).wall);
  deliver(take());
}

TEST_F(lane_in_trouble, too_many_requests_without_a_time_hold_for_the_backoff_delay) {
  begin();
  offer_many(1, 2);
  fail(take(), 429);
  EXPECT_TRUE(nothing_to_send());
  sleep();
  EXPECT_GE(now.wall, at(5s).wall);
  EXPECT_LE(now.wall, at(10s).wall);
  deliver(take());
}

TEST_F(lane_in_trouble, a_refused_credential_suspends_and_loses_nothing) {
  begin();
  offer_many(1, 3);
  const auto first = take();
  const auto second = take();
  subject->finish(first, came(first, verdict::unauthorized, 401, "http_401"), now);
  subject->finish(second, came(second, verdict::unauthorized, 401, "http_401"), now);
  EXPECT_EQ(subject->state(now), destination_state::suspended);
  EXPECT_EQ(subject->reason(now), "credential: http_401");
  EXPECT_TRUE(nothing_to_send());
  const auto step = commit();
  EXPECT_THAT(step.ends, IsEmpty());
  EXPECT_THAT(step.exceptions, SizeIs(2));
  sleep();
  EXPECT_EQ(now.wall, at(1min).wall);
  const auto probe = take();
  EXPECT_TRUE(probe.probe);
  EXPECT_TRUE(nothing_to_send());
  subject->finish(probe, came(probe, verdict::unauthorized, 401, "http_401"), now);
  sleep();
  EXPECT_EQ(now.wall, at(3min).wall);
  deliver(take());
  EXPECT_EQ(subject->state(now), destination_state::active);
  EXPECT_FALSE(parse_control(*commit().control)->suspended);
}

TEST_F(lane_in_trouble, an_outage_leaves_the_reason_of_a_suspension) {
  begin();
  offer_many(1, 1);
  const auto first = take();
  subject->finish(first, came(first, verdict::unauthorized, 401, "http_401"), now);
  sleep();
  fail(take());
  EXPECT_EQ(subject->reason(now), "credential: http_401") << "it is what somebody has to look at";
  EXPECT_EQ(parse_control(*commit().control)->suspended->reason, "http_401");
  sleep();
  const auto refused = take();
  subject->finish(refused, came(refused, verdict::unauthorized, 403, "http_403"), now);
  EXPECT_EQ(subject->reason(now), "credential: http_403");
}

TEST_F(lane_in_trouble, a_suspension_survives_a_restart_but_not_a_new_secret) {
  begin();
  offer_many(1, 1);
  const auto first = take();
  subject->finish(first, came(first, verdict::unauthorized, 403, "http_403"), now);
  queue::unit_state stood;
  const auto step = commit();
  stood.control = *step.control;
  now = at(20s);
  begin(stood);
  offer(2, plan({"a"}));
  EXPECT_TRUE(nothing_to_send());
  EXPECT_EQ(subject->look(now).next_attempt_at, at(1min).wall);
  EXPECT_EQ(subject->next_attempt(2, std::nullopt, now), at(1min).wall);
  EXPECT_EQ(subject->next_attempt(99, at(2min).wall, now), at(2min).wall) << "not in memory yet";
  EXPECT_EQ(subject->next_attempt(99, at(10s).wall, now), at(1min).wall);

  auto renewed = given;
  renewed.secret = base::secret("second");
  subject->change(renewed, rules, now);
  EXPECT_EQ(subject->state(now), destination_state::active);
  EXPECT_FALSE(parse_control(*commit().control)->suspended);

  given = renewed;
  begin(stood);
  offer(2, plan({"a"}));
  deliver(take());
}

TEST_F(lane_in_trouble, another_account_in_words_ends_a_suspension_too) {
  given.own["tag_id"] = std::string("wrong");
  begin();
  offer_many(1, 1);
  const auto first = take();
  subject->finish(first, came(first, verdict::unauthorized, 403, "http_403"), now);
  given.own["tag_id"] = std::string("right");
  subject->change(given, rules, now);
  EXPECT_EQ(subject->state(now), destination_state::active);
}

TEST_F(lane_in_trouble, what_one_address_asked_for_is_not_kept_at_another) {
  begin();
  offer_many(1, 1);
  fail_told(take(), 3600s);
  const auto held = *commit().control;
  auto changed = given;
  changed.secret = base::secret("second");
  subject->change(changed, rules, now);
  EXPECT_EQ(subject->reason(now), "hold: http_503") << "the vendor is the same";
  given.url = "https://other.test";
  subject->change(given, rules, now);
  EXPECT_EQ(subject->state(now), destination_state::active);
  EXPECT_FALSE(parse_control(*commit().control)->held);

  queue::unit_state stood;
  stood.control = held;
  begin(stood);
  EXPECT_EQ(subject->state(now), destination_state::active) << "changed while it was down";
  EXPECT_FALSE(parse_control(*commit().control)->held);
  given.url.clear();
  begin(stood);
  EXPECT_EQ(subject->reason(now), "hold: http_503");
}

TEST_F(lane_in_trouble, a_hold_does_not_grow_where_the_clock_is_set_back_before_a_restart) {
  begin();
  offer_many(1, 1);
  fail_told(take(), 5s);
  queue::unit_state stood;
  stood.control = *commit().control;
  now.wall -= 30min;
  begin(stood);
  EXPECT_EQ(subject->reason(now), "hold: http_503");
  now.steady += 5s;
  EXPECT_EQ(subject->state(now), destination_state::active);
}

TEST_F(lane_in_trouble, another_address_closes_the_breaker) {
  begin();
  bring_down();
  auto changed = given;
  changed.concurrency = 5;
  subject->change(changed, rules, now);
  EXPECT_EQ(subject->reason(now), "breaker: http_503");
  given.url = "https://other.test";
  subject->change(given, rules, now);
  EXPECT_EQ(subject->state(now), destination_state::active);
}

TEST_F(lane_in_trouble, a_pause_is_stored_and_restored) {
  begin();
  offer_many(1, 2);
  const auto due = subject->pause(true, now);
  EXPECT_TRUE(nothing_to_send());
  EXPECT_FALSE(subject->records().durable(due));
  queue::unit_state stood;
  const auto step = commit();
  stood.control = *step.control;
  EXPECT_TRUE(subject->records().durable(due));
  begin(stood);
  offer_many(1, 2);
  EXPECT_EQ(subject->state(now), destination_state::paused);
  EXPECT_TRUE(nothing_to_send());
  static_cast<void>(subject->pause(false, now));
  deliver(take());
}

TEST_F(lane_in_trouble, a_stored_state_that_makes_no_sense_is_a_pause) {
  for (const auto* const stored : {"{\"version\":99}", queue::unreadable_control}) {
    queue::unit_state stood;
    stood.control = stored;
    begin(stood);
    offer_many(1, 1);
    EXPECT_EQ(subject->state(now), destination_state::paused) << stored;
    EXPECT_TRUE(nothing_to_send()) << stored;
  }
}

TEST_F(lane_in_trouble, what_was_broken_off_by_us_is_nobodys_failure) {
  begin();
  offer_many(1, 1);
  const auto only = take();
  auto result = came(only, verdict::retry, 0, "connect");
  result.abandoned = true;
  result.request.clear();
  subject->finish(only, std::move(result), now);
  EXPECT_FALSE(subject->look(now).last_error);
  EXPECT_EQ(take().numbers, only.numbers) << "at once, since there is nothing to wait for";
}

}  // namespace
}  // namespace cartrelay::dispatch
