#include "lane_bench.hpp"

namespace cartrelay::dispatch {
namespace {

using queue::end_state;
using testing::ElementsAre;
using testing::SizeIs;

/// What a newer snapshot of its cart makes superfluous.
class lane_of_carts : public lane_bench {
 protected:
  void bring_back(queue::sequence number, const event_plan& what,
                  std::optional<queue::exception> stored = {}) {
    subject->bring_back(number, at(0s).wall, what, std::move(stored), now);
  }
};

TEST_F(lane_of_carts, a_snapshot_supersedes_what_is_pending_of_its_cart) {
  begin();
  for (queue::sequence number = 1; number <= 40; ++number)
    offer(number, cart(7, number % 2 == 0));
  offer(41, cart(8));
  const auto step = commit();
  EXPECT_THAT(step.ends, SizeIs(39));
  for (const auto& end : step.ends) {
    EXPECT_EQ(end.state, end_state::superseded);
    EXPECT_GT(end.superseded_by, end.number);
  }
  EXPECT_THAT(take().numbers, ElementsAre(40));
  EXPECT_THAT(take().numbers, ElementsAre(41));
}

TEST_F(lane_of_carts, carts_of_one_id_are_not_one_cart) {
  begin();
  offer(1, cart(7, true, 1));
  offer(2, cart(7, true, 2));
  offer(3, cart(7, false, 2));
  EXPECT_FALSE(subject->step(now)) << "nothing was superseded";
  offer(4, cart(7, true, 2));
  EXPECT_THAT(commit().ends, SizeIs(2));
  offer(5, order_of(7, "order:1"));
  offer(6, cart(7, true, 1));
  offer(7, cart(7, true, 2));
  EXPECT_FALSE(subject->step(now)) << "it does not say which cart it bounds";
}

TEST_F(lane_of_carts, nothing_is_superseded_across_an_order_or_a_deletion) {
  begin();
  offer(1, cart(7, true));
  offer(2, order_of(7, "order:1"));
  offer(3, cart(7));
  offer(4, cart(7, true));
  const auto ends = commit().ends;
  ASSERT_THAT(ends, SizeIs(1));
  EXPECT_EQ(ends[0].number, 3u);
}

TEST_F(lane_of_carts, an_order_that_has_ended_is_a_boundary_all_the_same) {
  queue::unit_state stood;
  stood.ended_after = {2};
  begin(stood);
  offer(1, cart(7, true));
  offer(2, order_of(7, "order:1"));
  offer(3, cart(7, true));
  EXPECT_FALSE(subject->step(now)) << "nothing was superseded";
}

TEST_F(lane_of_carts, what_is_in_flight_is_superseded_only_if_it_has_to_go_again) {
  begin();
  offer(1, cart(7, true));
  const auto under_way = take();
  offer(2, cart(7, true));
  EXPECT_FALSE(subject->step(now));
  fail(under_way);
  const auto ends = commit().ends;
  ASSERT_THAT(ends, SizeIs(1));
  EXPECT_EQ(ends[0].number, 1u);
  EXPECT_EQ(ends[0].superseded_by, 2u);
  EXPECT_EQ(ends[0].tries.count, 1u);
  EXPECT_THAT(take().numbers, ElementsAre(2));
}

TEST_F(lane_of_carts, a_replay_is_superseded_by_what_is_pending_or_in_flight) {
  begin();
  for (queue::sequence number = 1; number <= 2; ++number) {
    offer(number, cart(7, true));
    refuse(take(), false);
  }
  commit();
  offer(3, cart(7, true));
  subject->replayed({1});
  bring_back(1, cart(7, true), row(1));
  auto ends = commit().ends;
  ASSERT_THAT(ends, SizeIs(1));
  EXPECT_EQ(ends[0].state, end_state::superseded);
  EXPECT_EQ(ends[0].superseded_by, 3u);
  const auto under_way = take();
  EXPECT_THAT(under_way.numbers, ElementsAre(3));
  subject->replayed({2});
  bring_back(2, cart(7, true), row(2));
  ends = commit().ends;
  ASSERT_THAT(ends, SizeIs(1)) << "or it would overwrite what is newer";
  EXPECT_EQ(ends[0].superseded_by, 3u);
  deliver(under_way);
  EXPECT_TRUE(nothing_to_send());
}

TEST_F(lane_of_carts, a_replay_is_superseded_by_what_is_delivered_while_it_comes_back) {
  begin();
  for (queue::sequence number = 1; number <= 3; ++number) {
    offer(number, cart(7, true));
    refuse(take(), false);
  }
  offer(4, cart(7, true));
  commit();
  const auto under_way = take();
  subject->replayed({1, 2});
  deliver(under_way);
  bring_back(1, cart(7, true), row(1));
  bring_back(2, cart(7, true), row(2));
  const auto ends = commit().ends;
  ASSERT_THAT(ends, SizeIs(3));
  EXPECT_EQ(ends[1].superseded_by, 4u);
  EXPECT_EQ(ends[2].superseded_by, 4u);
  EXPECT_TRUE(nothing_to_send());
  subject->replayed({3});
  bring_back(3, cart(7, true), row(3));
  EXPECT_THAT(take().numbers, ElementsAre(3)) << "what it replaces is long there";
}

TEST_F(lane_of_carts, a_replay_is_sent_once_what_is_newer_was_delivered) {
  begin();
  offer(1, cart(7, true));
  refuse(take(), false);
  commit();
  offer(2, cart(7, true));
  deliver(take());
  subject->replayed({1});
  bring_back(1, cart(7, true), row(1));
  EXPECT_THAT(take().numbers, ElementsAre(1));
}

TEST_F(lane_of_carts, a_replay_is_not_superseded_across_a_boundary) {
  begin();
  offer(1, cart(7, true));
  refuse(take(), false);
  commit();
  offer(2, order_of(7, "order:1"));
  deliver(take());
  offer(3, cart(7, true));
  subject->replayed({1});
  bring_back(1, cart(7, true), row(1));
  EXPECT_THAT(take().numbers, ElementsAre(1));
}

TEST_F(lane_of_carts, a_replay_from_before_the_restart_may_have_met_a_boundary) {
  queue::unit_state stood;
  stood.cursor = 10;
  begin(stood);
  offer(11, cart(7, true));
  subject->replayed({5});
  bring_back(5, cart(7, true), row(5));
  EXPECT_THAT(take().numbers, ElementsAre(5)) << "a delivery more than needed, rather than one less";
}

TEST_F(lane_of_carts, what_waits_for_a_retry_is_superseded_after_a_restart_as_before_it) {
  begin();
  offer(1, cart(7, true));
  offer(2, cart(8, true));
  fail(take());
  fail(take());
  const auto before = commit();
  auto order = order_of(8, "order:1");
  order.obstacle.emplace().what = destinations::screening::outcome::skipped;
  offer(3, order);
  const auto after = commit();
  ASSERT_THAT(after.exceptions, SizeIs(1)) << "that of cart 8 is stored anew";
  queue::unit_state stood;
  stood.cursor = after.cursor;
  ASSERT_EQ(stood.cursor, 3u);
  stood.exceptions = {before.exceptions[0], after.exceptions[0]};
  begin(stood);
  bring_back(1, cart(7, true));
  bring_back(2, cart(8, true));
  offer(4, cart(7, true));
  offer(5, cart(8, true));
  const auto ends = commit().ends;
  ASSERT_THAT(ends, SizeIs(1));
  EXPECT_EQ(ends[0].number, 1u);
  EXPECT_EQ(ends[0].superseded_by, 4u);
}

TEST_F(lane_of_carts, what_stands_after_the_cursor_meets_its_cart_where_the_log_has_it) {
  queue::unit_state stood;
  stood.cursor = 10;
  stood.exceptions = {row(9), row(14)};
  stood.exceptions[0].replaceable = stood.exceptions[1].replaceable = true;
  begin(stood);
  bring_back(9, cart(7, true));
  bring_back(14, cart(7, true));
  EXPECT_FALSE(subject->step(now)) << "what stands between them is not known yet";
  offer(12, order_of(7, "order:1"));
  offer(13, cart(7, true));
  offer(14, cart(7, true));
  const auto ends = commit().ends;
  ASSERT_THAT(ends, SizeIs(1));
  EXPECT_EQ(ends[0].number, 13u);
  EXPECT_EQ(ends[0].superseded_by, 14u);
}

TEST_F(lane_of_carts, new_settings_leave_carts_and_their_boundaries_as_they_were) {
  begin();
  offer(1, cart(7, true));
  offer(2, order_of(7, "order:1"));
  offer(3, cart(7));
  offer(4, cart(8));
  subject->change(given, rules, now);
  bring_back(1, cart(7, true));
  bring_back(2, order_of(7, "order:1"));
  bring_back(3, cart(7));
  bring_back(4, cart(8));
  offer(5, cart(7, true));
  offer(6, cart(8, true));
  const auto ends = commit().ends;
  ASSERT_THAT(ends, SizeIs(2));
  EXPECT_EQ(ends[0].number, 3u);
  EXPECT_EQ(ends[1].number, 4u);
}

TEST_F(lane_of_carts, a_boundary_takes_no_mark_away) {
  given.on_in_doubt = destinations::on_in_doubt::dead_letter;
  begin();
  offer(1, cart(7));
  static_cast<void>(subject->prepare(take(), {}, now));
  EXPECT_TRUE(commit().exceptions.at(0).marked);
  offer(2, order_of(7, "order:1"));
  EXPECT_FALSE(subject->step(now)) << "it may be under way";
}

TEST_F(lane_of_carts, without_a_common_key_there_is_no_superseding) {
  begin();
  auto other = cart(7);
  offer(1, other);
  auto snapshot = plan({"partition:x"}, rank::cart);
  snapshot.cart_id = other.cart_id;
  snapshot.cart = other.cart;
  snapshot.replaceable = snapshot.snapshot = true;
  offer(2, snapshot);
  EXPECT_FALSE(subject->step(now));
}

}  // namespace
}  // namespace cartrelay::dispatch
