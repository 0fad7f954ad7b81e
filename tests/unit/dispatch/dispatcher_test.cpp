#include "tests/unit/dispatch/support.hpp"

namespace cartrelay::dispatch {
namespace {

using queue::end_state;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

TEST_F(shop_floor, delivers_and_writes_the_receipt) {
  start({destination("one")});
  const auto number = post("a", "1");
  run_until_ended(number, "one");
  const auto end = *receipt(number, "one").ended;
  EXPECT_EQ(end.state, end_state::delivered);
  EXPECT_EQ(end.tries.count, 1u);
  EXPECT_EQ(end.tries.request, "POST https://one.test/papers");
  EXPECT_EQ(end.tries.status, 200);
  EXPECT_EQ(vendor("one").seen.at(0).body, R"({"ids":["a"]})");
  const auto shown = status("one");
  EXPECT_EQ(shown.counts.delivered, 1u);
  EXPECT_EQ(shown.counts.attempts, 1u);
  EXPECT_EQ(shown.counts.backlog(), 0u);
  EXPECT_TRUE(shown.last_success_at);
}

TEST_F(shop_floor, every_destination_gets_its_own_and_none_waits_for_another) {
  start({destination("hangs"), destination("fails"), destination("works")});
  vendor("hangs").holding = true;
  vendor("fails").answer = [](const http::request&) { return answered(503); };
  std::vector<queue::sequence> numbers;
  for (int i = 0; i < 50; ++i)
    numbers.push_back(post("e" + std::to_string(i), std::to_string(i)));
  for (const auto number : numbers)
    run_until_ended(number, "works");
  EXPECT_EQ(status("works").counts.delivered, 50u);
  EXPECT_EQ(status("hangs").counts.backlog(), 50u);
  EXPECT_EQ(status("hangs").in_flight, 8u);
  EXPECT_EQ(status("fails").counts.backlog(), 50u);
  run_until([&] { return status("fails").state == destination_state::backing_off; });
  EXPECT_THAT(status("fails").reason, HasSubstr("http_503"));

  vendor("hangs").release();
  vendor("fails").answer = [](const http::request&) { return answered(202); };
  for (const auto number : numbers) {
    run_until_ended(number, "hangs");
    run_until_ended(number, "fails");
  }
  EXPECT_EQ(status("fails").state, destination_state::active);
}

TEST_F(shop_floor, events_of_one_order_go_one_after_the_other) {
  start({destination("one")});
  vendor("one").holding = true;
  for (const auto* id : {"a", "b", "c"})
    post(id, "1");
  const auto other = post("d", "2");
  run_until([&] { return vendor("one").seen.size() == 2; });
  EXPECT_EQ(vendor("one").seen[1].body, R"({"ids":["d"]})");
  vendor("one").release();
  run_until_ended(other - 1, "one");
  EXPECT_EQ(vendor("one").seen[2].body, R"({"ids":["b"]})");
  EXPECT_EQ(vendor("one").seen[3].body, R"({"ids":["c"]})");
}

TEST_F(shop_floor, a_retry_is_seen_waiting_and_then_delivered) {
  auto given = destination("one");
  given.retry.initial = given.retry.max = 200ms;
  start({given});
  vendor("one").answer = [](const http::request&) { return answered(500, "the secret of one is out"); };
  const auto number = post("a", "1");
  run_until([&] { return receipt(number, "one").waiting.has_value(); });
  const auto row = *receipt(number, "one").waiting;
  EXPECT_EQ(row.reason, "http_500");
  EXPECT_EQ(row.tries.answer, "*** is out");
  EXPECT_EQ(status("one").retrying, 1u);
  EXPECT_EQ(status("one").last_error->status, 500);
  EXPECT_THAT(status("one").last_error->detail, Not(HasSubstr("the secret")));
  vendor("one").answer = [](const http::request&) { return answered(200); };
  run_until_ended(number, "one");
  EXPECT_GE(receipt(number, "one").ended->tries.count, 2u);
}

TEST_F(shop_floor, batches_and_finds_the_poison_with_evidence) {
  auto given = destination("one");
  given.batch = {10, 10'000, 5s};
  start({given});
  vendor("one").answer = [](const http::request& asked) {
    return answered(asked.body.find("poison") == std::string::npos ? 202 : 422, "{\"error\":\"poison\"}");
  };
  std::vector<queue::sequence> numbers;
  for (int i = 0; i < 10; ++i)
    numbers.push_back(post(i == 6 ? "poison" : "e" + std::to_string(i), std::to_string(i)));
  for (const auto number : numbers)
    run_until_ended(number, "one");
  EXPECT_LE(vendor("one").seen.size(), 9u);
  EXPECT_EQ(status("one").counts.delivered, 9u);
  EXPECT_EQ(status("one").counts.dead_letters, 1u);
  queue::dead_letter_query all;
  const auto letters =
      ask<queue::dead_letter_page>([&](auto then) { log_.dead_letters(all, std::move(then)); }).letters;
  ASSERT_THAT(letters, SizeIs(1));
  const auto& end = letters[0].ended;
  EXPECT_EQ(letters[0].event.number, numbers[6]);
  EXPECT_EQ(end.reason, "rejected");
  EXPECT_THAT(end.evidence, HasSubstr(R"("Authorization":"***")"));
  EXPECT_THAT(end.evidence, HasSubstr("poison"));
  EXPECT_THAT(end.evidence, Not(HasSubstr("the secret")));
  EXPECT_EQ(end.tries.answer, "{\"error\":\"poison\"}");
  EXPECT_EQ(receipt(numbers[0], "one").ended->tries.batch, receipt(numbers[1], "one").ended->tries.batch);
}

TEST_F(shop_floor, what_cannot_be_decoded_or_planned_or_sent_ends_and_stops_nobody) {
  start({destination("one")});
  const auto garbage = post_broken("garbage");
  const auto unplannable = post("unplannable", "1");
  const auto throws = post("throws", "2");
  const auto good = post("good", "3");
  for (const auto number : {garbage, unplannable, throws, good})
    run_until_ended(number, "one");
  EXPECT_EQ(receipt(garbage, "one").ended->reason, "corrupt");
  EXPECT_EQ(receipt(unplannable, "one").ended->reason, "internal");
  EXPECT_EQ(receipt(throws, "one").ended->reason, "internal");
  EXPECT_EQ(receipt(throws, "one").ended->detail, "no way to send this");
  EXPECT_EQ(receipt(good, "one").ended->state, end_state::delivered);
}

TEST_F(shop_floor, a_dead_letter_that_nobody_was_asked_about_is_told_of_once) {
  start({destination("one")});
  EXPECT_TRUE(*await(subject_->pause("one")));
  testing::internal::CaptureStderr();
  post("waits", "1");
  post_broken("garbage");
  post("unplannable", "2");
  run_until_ended(post("unmappable", "3"), "one");
  const auto words = testing::internal::GetCapturedStderr();
  EXPECT_THAT(words, HasSubstr("destination one: event 2 is a dead letter: corrupt\n"));
  EXPECT_THAT(words, HasSubstr("destination one: event 3 (order.paid) is a dead letter: internal\n"));
  EXPECT_THAT(words, HasSubstr("destination one: event 4 (order.paid) is a dead letter: unmappable\n"));

  stop();
  testing::internal::CaptureStderr();
  start({destination("one")});  // the first one holds the cursor, so all are read again
  run_until_ended(post("unmappable too", "4"), "one");
  const auto later = testing::internal::GetCapturedStderr();
  EXPECT_THAT(later, HasSubstr("event 5 (order.paid) is a dead letter: unmappable"));
  EXPECT_EQ(later.find("is a dead letter"), later.rfind("is a dead letter")) << later;
}

TEST_F(shop_floor, a_pause_is_durable_and_collects) {
  start({destination("one")});
  EXPECT_FALSE(*await(subject_->pause("nobody")));
  EXPECT_TRUE(*await(subject_->pause("one")));
  EXPECT_EQ(status("one").state, destination_state::paused);
  const auto number = post("a", "1");
  stop();
  start({destination("one")});
  EXPECT_EQ(status("one").state, destination_state::paused);
  const auto second = post("b", "2");
  run_until([&] { return status("one").oldest_pending.has_value(); });
  EXPECT_THAT(vendor("one").seen, IsEmpty());
  EXPECT_TRUE(*await(subject_->resume("one")));
  run_until_ended(number, "one");
  run_until_ended(second, "one");
}

TEST_F(shop_floor, a_pause_that_cannot_be_stored_yet_is_in_effect_and_says_so) {
  start({destination("one")});
  log_.fail_commit(1, queue::errc::disk_low);
  const auto answer = await(subject_->pause("one"));
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message(), testing::HasSubstr("paused from now on, but that is not stored yet"));
  EXPECT_EQ(status("one").state, destination_state::paused);
  post("a", "1");
  poll();
  EXPECT_THAT(vendor("one").seen, IsEmpty());
}

TEST_F(shop_floor, shows_the_counts_of_one_moment) {
  start({destination("one")});
  EXPECT_TRUE(*await(subject_->pause("one")));
  post("a", "1");
  const auto held = log_.stats();
  post("b", "1");
  EXPECT_EQ(subject_->status(held).front().counts.backlog(), 1u);
  EXPECT_EQ(subject_->status().front().counts.backlog(), 2u);
}

TEST_F(shop_floor, only_what_may_send_says_when_its_backlog_is_gone) {
  start({destination("one")});
  const auto number = post("a", "1");
  run_until_ended(number, "one");
  EXPECT_EQ(status("one").drain_eta_s, 0.0);
  EXPECT_TRUE(*await(subject_->pause("one")));
  EXPECT_FALSE(status("one").drain_eta_s);
  EXPECT_TRUE(*await(subject_->resume("one")));
  EXPECT_TRUE(status("one").drain_eta_s);
  auto disabled = destination("one");
  disabled.enabled = false;
  apply({disabled});
  EXPECT_FALSE(status("one").drain_eta_s);
}

TEST_F(shop_floor, a_replay_brings_dead_letters_back_once) {
  start({destination("one")});
  vendor("one").answer = [](const http::request&) { return answered(404); };
  const auto first = post("a", "1");
  const auto second = post("b", "1");
  run_until_ended(second, "one");
  vendor("one").answer = [](const http::request&) { return answered(200); };
  EXPECT_EQ(*await(subject_->replay({})), 2u);
  run_until_ended(first, "one");
  run_until_ended(second, "one");
  EXPECT_EQ(*await(subject_->replay({})), 0u);
  EXPECT_EQ(receipt(first, "one").ended->tries.count, 2u);
  EXPECT_EQ(status("one").counts.delivered, 2u);
  EXPECT_EQ(status("one").counts.dead_letters, 0u);
  ASSERT_THAT(vendor("one").seen, SizeIs(4));
  EXPECT_EQ(vendor("one").seen[2].body, R"({"ids":["a"]})") << "in their order";
}

TEST_F(shop_floor, a_replay_whose_answer_was_lost_goes_on_by_itself) {
  start({destination("one")});
  vendor("one").answer = [](const http::request&) { return answered(404); };
  const auto number = post("a", "1");
  run_until_ended(number, "one");
  vendor("one").answer = [](const http::request&) { return answered(200); };
  run_until([&] { return status("one").in_flight == 0; });
  log_.doubt(1);
  EXPECT_EQ(await(subject_->replay({})).error().code, queue::errc::unknown);
  run_until_ended(number, "one");
  EXPECT_EQ(receipt(number, "one").ended->state, end_state::delivered);
}

TEST_F(shop_floor, discarding_ends_a_dead_letter) {
  start({destination("one")});
  vendor("one").answer = [](const http::request&) { return answered(404); };
  const auto number = post("a", "1");
  run_until_ended(number, "one");
  EXPECT_EQ(*await(subject_->discard({})), 1u);
  EXPECT_EQ(receipt(number, "one").ended->state, end_state::discarded);
  EXPECT_EQ(status("one").counts.discarded, 1u);
}

TEST_F(shop_floor, a_step_whose_answer_was_lost_counts_once) {
  start({destination("one")});
  const auto first = post("a", "1");
  run_until_ended(first, "one");
  run_until([&] { return vendor("one").seen.size() == 1 && status("one").counts.attempts == 1; });
  vendor("one").holding = true;
  const auto number = post("b", "2");
  run_until([&] { return vendor("one").seen.size() == 2; });
  log_.doubt(1);
  vendor("one").release();
  run_until_ended(number, "one");
  const auto last = post("c", "3");
  run_until_ended(last, "one");
  EXPECT_EQ(status("one").counts.attempts, 3u);
  EXPECT_EQ(status("one").counts.delivered, 3u);
}

TEST_F(shop_floor, a_step_that_the_queue_did_not_take_is_told_again) {
  start({destination("one")});
  log_.fail_commit(1, queue::errc::read_only);
  const auto number = post("a", "1");
  run_until_ended(number, "one");
  EXPECT_EQ(status("one").counts.delivered, 1u);
  EXPECT_THAT(vendor("one").seen, SizeIs(1));
}

}  // namespace
}  // namespace cartrelay::dispatch
