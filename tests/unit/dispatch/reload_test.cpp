#include "dispatch/errc.hpp"
#include "tests/unit/dispatch/support.hpp"

namespace cartrelay::dispatch {
namespace {

using queue::end_state;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// Settings that change under way.
class shop_floor_in_change : public shop_floor {};

TEST_F(shop_floor_in_change, a_new_secret_ends_a_suspension_at_once) {
  start({destination("one")});
  vendor("one").answer = [](const http::request& asked) {
    return answered(asked.headers.find("Authorization") == "Bearer new" ? 200 : 401);
  };
  const auto number = post("a", "1");
  run_until([&] { return status("one").state == destination_state::suspended; });
  auto renewed = destination("one");
  renewed.secret = base::secret("new");
  apply({renewed});
  run_until_ended(number, "one");
  EXPECT_EQ(status("one").state, destination_state::active);
  EXPECT_EQ(vendor("one").stopped, 1u) << "the old wire";
  EXPECT_EQ(receipt(number, "one").ended->tries.count, 2u);
}

TEST_F(shop_floor_in_change, what_is_in_flight_goes_on_under_the_old_settings) {
  start({destination("one")});
  vendor("one").holding = true;
  const auto number = post("a", "1");
  run_until([&] { return !vendor("one").seen.empty(); });
  auto changed = destination("one");
  changed.concurrency = 2;
  const auto report = *await(subject_->apply({changed, destination("two")}));
  EXPECT_THAT(report.changed, ElementsAre("one"));
  EXPECT_THAT(report.added, ElementsAre("two"));
  EXPECT_EQ(vendor("one").stopped, 0u);
  const auto second = post("b", "1");
  run_until_ended(second, "two");
  vendor("one").release();
  run_until_ended(number, "one");
  run_until_ended(second, "one");
  EXPECT_THAT(vendor("one").seen, SizeIs(2));
}

TEST_F(shop_floor_in_change, a_destination_that_is_gone_keeps_its_backlog_until_it_returns) {
  start({destination("one"), destination("two")});
  vendor("one").holding = true;
  const auto number = post("a", "1");
  run_until([&] { return !vendor("one").seen.empty(); });
  const auto report = *await(subject_->apply({destination("two")}));
  EXPECT_THAT(report.removed, ElementsAre("one"));
  EXPECT_THAT(*subject_->routes(), SizeIs(1));
  const auto shown = status("one");
  EXPECT_FALSE(shown.configured);
  EXPECT_EQ(shown.counts.backlog(), 1u);
  post("b", "2");
  EXPECT_EQ(status("one").counts.backlog(), 1u) << "it gets nothing new";
  bool applied = false;
  boost::asio::co_spawn(io_, subject_->apply({destination("two"), destination("one")}),
                        [&](std::exception_ptr, const auto& done) { applied = done.has_value(); });
  poll();
  EXPECT_FALSE(applied) << "its request under way is not cut off";
  vendor("one").release();
  run_until([&] { return applied; });
  run_until_ended(number, "one");
  EXPECT_TRUE(status("one").configured);
  EXPECT_THAT(vendor("one").seen, SizeIs(1));
}

TEST_F(shop_floor_in_change, what_waits_for_one_vendor_is_not_given_to_another) {
  start({destination("one"), destination("two")});
  EXPECT_TRUE(*await(subject_->pause("one")));
  const auto number = post("a", "1");
  run_until_ended(number, "two");
  auto other = destination("one");
  other.kind = "parcel";
  for (const bool removed_before : {false, true}) {
    if (removed_before) apply({destination("two")});
    const auto refused = await(subject_->apply({other, destination("two")}));
    ASSERT_TRUE(refused.has_error());
    EXPECT_EQ(refused.error().code, errc::other_kind);
    EXPECT_THAT(refused.error().message(),
                testing::HasSubstr("one: it holds 1 unfinished event and 0 dead letters for paper"));
  }
  run_until([&] { return status("one").kind == "paper"; });
  EXPECT_FALSE(status("one").configured);
  apply({destination("one"), destination("two")});
  EXPECT_TRUE(*await(subject_->resume("one")));
  run_until_ended(number, "one");
  EXPECT_EQ(receipt(number, "one").ended->state, end_state::delivered);
  apply({other, destination("two")});
  EXPECT_EQ(status("one").kind, "parcel") << "nothing waits any more";
}

TEST_F(shop_floor_in_change, what_comes_while_a_reload_waits_is_not_given_to_another_vendor) {
  start({destination("one"), destination("two")});
  vendor("two").holding = true;
  run_until_ended(post("a", "1"), "one");
  run_until([&] { return !vendor("two").seen.empty(); });
  apply({destination("one")});
  auto other = destination("one");
  other.kind = "parcel";
  std::optional<bool> applied;
  std::vector<destinations::options> all{other, destination("two")};
  boost::asio::co_spawn(io_, subject_->apply(std::move(all)),
                        [&](std::exception_ptr, const auto& done) { applied = done.has_value(); });
  poll();
  EXPECT_FALSE(applied) << "it waits for the other one's request";
  vendor("one").answer = [](const http::request&) { return answered(503); };
  const auto number = post("b", "1");
  vendor("two").release();
  run_until([&] { return applied.has_value(); });
  EXPECT_FALSE(*applied);
  vendor("one").answer = [](const http::request&) { return answered(200); };
  run_until_ended(number, "one");
  EXPECT_EQ(receipt(number, "one").ended->state, end_state::delivered);
}

TEST_F(shop_floor_in_change, one_that_is_removed_is_given_the_time_to_end_what_is_in_flight) {
  start({destination("one"), destination("two")});
  vendor("one").holding = true;
  const auto number = post("a", "1");
  run_until([&] { return !vendor("one").seen.empty(); });
  apply({destination("two")});
  poll();
  EXPECT_EQ(vendor("one").stopped, 0u);
  vendor("one").release();
  run_until_ended(number, "one");
  EXPECT_EQ(receipt(number, "one").ended->state, end_state::delivered);
  EXPECT_THAT(vendor("one").seen, SizeIs(1));
}

TEST_F(shop_floor_in_change, one_that_is_removed_shows_what_it_has_under_way) {
  start({destination("one"), destination("two")});
  vendor("one").holding = true;
  const auto number = post("a", "1");
  post("b", "1");
  run_until([&] { return !vendor("one").seen.empty(); });
  const auto before = status("one");
  apply({destination("two")});
  const auto leaving = status("one");
  EXPECT_FALSE(leaving.configured);
  EXPECT_EQ(leaving.state, destination_state::paused);
  EXPECT_EQ(leaving.reason, "not in the configuration");
  EXPECT_EQ(leaving.kind, "paper");
  EXPECT_EQ(leaving.in_flight, 1u);
  EXPECT_EQ(leaving.oldest_pending, before.oldest_pending);
  vendor("one").release();
  run_until([&] {
    const auto shown = status("one");
    EXPECT_EQ(shown.kind, "paper");
    EXPECT_TRUE(shown.oldest_pending) << "the other one";
    return shown.counts.delivered == 1 && shown.in_flight == 0;
  });
  EXPECT_TRUE(ended(number, "one"));
}

/// A selection of everything that a destination has.
queue::dead_letter_selection all_of(queue::destination_id id) {
  queue::dead_letter_selection out;
  out.matching.destination = id;
  return out;
}

TEST_F(shop_floor_in_change, one_that_is_gone_still_shows_how_long_its_events_wait) {
  start({destination("one"), destination("two")});
  EXPECT_TRUE(*await(subject_->pause("one")));
  const auto before = base::system_clock().now();
  const auto first = post("a", "1");
  const auto since = base::system_clock().now();
  post("b", "2");
  run_until_ended(first, "two");
  apply({destination("two")});
  const auto shows = [&] {
    run_until([&] { return status("one").oldest_pending.has_value(); });
    EXPECT_EQ(status("one").state, destination_state::paused);
    EXPECT_EQ(status("one").reason, "not in the configuration");
    EXPECT_GE(*status("one").oldest_pending, before);
    EXPECT_LE(*status("one").oldest_pending, since);
  };
  shows();
  stop();
  start({destination("two")});
  shows();
  apply({destination("two"), destination("one")});
  EXPECT_EQ(status("one").counts.backlog(), 2u);
  EXPECT_TRUE(*await(subject_->resume("one")));
  run_until_ended(first, "one");
}

TEST_F(shop_floor_in_change, what_is_replayed_while_its_destination_comes_back_is_delivered) {
  start({destination("one"), destination("two")});
  vendor("one").answer = [](const http::request&) { return answered(404); };
  const auto number = post("a", "1");
  run_until_ended(number, "one");
  run_until_ended(number, "two");
  vendor("one").answer = [](const http::request&) { return answered(200); };
  apply({destination("two")});
  log_.hold();
  bool applied = false, replayed = false;
  std::vector<destinations::options> all = {destination("one"), destination("two"), destination("three")};
  boost::asio::co_spawn(io_, subject_->apply(std::move(all)),
                        [&](std::exception_ptr, const auto& done) { applied = done.has_value(); });
  poll();
  sync_and_hold();  // "one" has its number
  sync_and_hold();  // and its lease: now "three" is waited for
  boost::asio::co_spawn(io_, subject_->replay({}),
                        [&](std::exception_ptr, const auto& done) { replayed = done && *done == 1; });
  poll();
  log_.sync();
  run_until([&] { return applied && replayed; });
  run_until_ended(number, "one");
  EXPECT_EQ(receipt(number, "one").ended->state, end_state::delivered);
}

TEST_F(shop_floor_in_change, one_that_is_disabled_still_shows_what_is_to_be_retried) {
  start({destination("one")});
  vendor("one").answer = [](const http::request&) { return answered(503); };
  const auto number = post("a", "1");
  run_until(
      [&] { return receipt(number, "one").waiting && receipt(number, "one").waiting->tries.count > 0; });
  auto disabled = destination("one");
  disabled.enabled = false;
  apply({disabled});
  run_until([&] { return !status("one").enabled && status("one").in_flight == 0; });
  EXPECT_EQ(status("one").retrying, 1u);
  EXPECT_TRUE(status("one").oldest_pending);
  EXPECT_EQ(status("one").state, destination_state::paused);
  EXPECT_EQ(status("one").reason, "disabled");
}

TEST_F(shop_floor_in_change, the_backlog_of_one_that_is_gone_can_be_discarded) {
  start({destination("one"), destination("two")});
  const auto id = subject_->routes()->front().id;
  vendor("one").answer = [](const http::request&) { return answered(503); };
  const auto failing = post("a", "1");
  run_until(
      [&] { return receipt(failing, "one").waiting && receipt(failing, "one").waiting->tries.count > 0; });
  EXPECT_TRUE(*await(subject_->pause("one")));
  const auto last = post_many(1'000, 10);
  EXPECT_EQ(*await(subject_->discard(all_of(id))), 0u) << "it is configured";
  apply({destination("two")});
  run_until_ended(last, "two");
  const auto lost = post("b", "1");
  EXPECT_EQ(*await(subject_->discard(all_of(id))), 1'001u);
  EXPECT_EQ(*await(subject_->discard(all_of(id))), 0u) << "once";
  EXPECT_EQ(receipt(failing, "one").ended->state, end_state::discarded);
  EXPECT_GT(receipt(failing, "one").ended->tries.count, 0u) << "its history stays";
  EXPECT_EQ(receipt(last, "one").ended->state, end_state::discarded);
  EXPECT_THAT(subject_->status(), SizeIs(1)) << "nothing is left of it";
  vendor("one").seen.clear();
  apply({destination("two"), destination("one")});
  EXPECT_TRUE(*await(subject_->resume("one")));
  EXPECT_EQ(status("one").counts.discarded, 1'001u);
  EXPECT_EQ(status("one").counts.backlog(), 0u);
  run_until_ended(lost, "two");
  EXPECT_THAT(vendor("one").seen, IsEmpty());
}

TEST_F(shop_floor_in_change, a_discard_that_was_cut_short_goes_on_where_it_was) {
  start({destination("one"), destination("two")});
  const auto id = subject_->routes()->front().id;
  EXPECT_TRUE(*await(subject_->pause("one")));
  const auto last = post_many(1'000, 10);
  run_until_ended(last, "two");
  stop();
  start({destination("two")});
  log_.fail_commit(2, queue::errc::read_only);
  EXPECT_FALSE(await(subject_->discard(all_of(id))));
  const auto left = status("one").counts;
  EXPECT_GT(left.discarded, 0u);
  EXPECT_EQ(left.backlog(), 1'000 - left.discarded);
  die();
  start({destination("two")});
  EXPECT_EQ(*await(subject_->discard(all_of(id))), 1'000 - left.discarded);
  EXPECT_TRUE(ended(last, "one"));
}

TEST_F(shop_floor_in_change, a_disabled_destination_keeps_what_it_has) {
  start({destination("one")});
  EXPECT_TRUE(*await(subject_->pause("one")));
  const auto number = post("a", "1");
  auto disabled = destination("one");
  disabled.enabled = false;
  apply({disabled});
  EXPECT_THAT(*subject_->routes(), IsEmpty());
  EXPECT_TRUE(*await(subject_->resume("one")));
  EXPECT_FALSE(status("one").enabled);
  EXPECT_EQ(status("one").counts.backlog(), 1u);
  apply({destination("one")});
  run_until_ended(number, "one");
}

TEST_F(shop_floor_in_change, a_configuration_counts_as_a_whole_or_not_at_all) {
  start({destination("one")});
  auto wrong = destination("two");
  wrong.url.clear();
  const auto applied = await(subject_->apply({wrong, destination("three")}));
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().message(), "two: url: required");
  EXPECT_THAT(*subject_->routes(), SizeIs(1));
  const auto number = post("a", "1");
  run_until_ended(number, "one");
}

TEST_F(shop_floor_in_change, nothing_changes_when_nothing_changed) {
  start({destination("one")});
  const auto report = *await(subject_->apply({destination("one")}));
  EXPECT_THAT(report.unchanged, ElementsAre("one"));
  EXPECT_EQ(vendor("one").wires, 1u);
}

}  // namespace
}  // namespace cartrelay::dispatch
