#include "tests/contract/queue/engines.hpp"

namespace cartrelay::queue::testing {
namespace {

class append_contract : public engine_contract {};

std::vector<append_status> statuses(const std::vector<append_outcome>& outcomes) {
  std::vector<append_status> out;
  for (const auto& each : outcomes)
    out.push_back(each.status);
  return out;
}

TEST_P(append_contract, numbers_ascend_from_one) {
  auto queue = open();
  with_destinations(queue);
  const auto first = queue.append({plain_event("1", {a_}), plain_event("2", {})}).value();
  EXPECT_EQ(first.at(0).number, 1u);
  EXPECT_EQ(first.at(1).number, 2u);
  EXPECT_EQ(queue.put("3", {b_}), 3u);
  const auto stats = queue.raw().stats();
  EXPECT_EQ(stats.events, 3u);
  EXPECT_EQ(stats.next, 4u);
  EXPECT_TRUE(stats.writable);
  EXPECT_EQ(queue.stats_of(a_).counts.routed, 1u);
  EXPECT_EQ(queue.stats_of(a_).counts.backlog(), 1u);
  EXPECT_EQ(queue.stats_of(b_).counts.routed, 1u);
}

TEST_P(append_contract, duplicates_get_the_earlier_number) {
  auto queue = open();
  queue.put("1", {});
  const auto again = queue.append({plain_event("2", {}), plain_event("1", {}), plain_event("2", {})}).value();
  EXPECT_EQ(statuses(again),
            (std::vector{append_status::appended, append_status::duplicate, append_status::duplicate}));
  EXPECT_EQ(again[1].number, 1u);
  EXPECT_EQ(again[2].number, 2u);
  EXPECT_EQ(queue.raw().stats().events, 2u);
  EXPECT_EQ(queue.raw().stats().ingest.accepted, 2u);
  EXPECT_EQ(queue.raw().stats().ingest.duplicates, 2u);
}

TEST_P(append_contract, a_conflict_stores_nothing_of_the_call) {
  auto queue = open();
  with_destinations(queue);
  queue.put("1", {a_});
  const auto refused =
      queue.append({plain_event("2", {a_}), plain_event("1", {a_}, "other"), plain_event("1", {a_})}).value();
  EXPECT_EQ(statuses(refused),
            (std::vector{append_status::appended, append_status::conflict, append_status::duplicate}));
  EXPECT_EQ(refused[0].number, 0u);
  EXPECT_EQ(refused[1].number, 1u);
  EXPECT_EQ(queue.raw().stats().events, 1u);
  EXPECT_EQ(queue.stats_of(a_).counts.routed, 1u);
  EXPECT_EQ(queue.put("2", {a_}), 2u);
}

TEST_P(append_contract, a_conflict_inside_one_call_stores_nothing) {
  auto queue = open();
  const auto refused = queue.append({plain_event("1", {}), plain_event("1", {}, "other")}).value();
  EXPECT_EQ(refused[1].status, append_status::conflict);
  EXPECT_EQ(queue.raw().stats().events, 0u);
  EXPECT_TRUE(queue.read(0)->records.empty());
}

TEST_P(append_contract, time_counts_only_where_both_give_it) {
  auto queue = open();
  auto timed = plain_event("1", {});
  timed.time = start();
  ASSERT_TRUE(queue.append({timed}));
  EXPECT_EQ(queue.append({plain_event("1", {})})->front().status, append_status::duplicate);
  timed.time = start() + std::chrono::seconds(1);
  EXPECT_EQ(queue.append({timed})->front().status, append_status::conflict);
}

TEST_P(append_contract, keys_are_forgotten_after_the_window) {
  auto queue = open([](options& o) { o.dedup_window = std::chrono::hours(1); });
  auto event = plain_event("1", {});
  ASSERT_TRUE(queue.append({event}));
  event.received_at += std::chrono::minutes(59);
  EXPECT_EQ(queue.append({event})->front().status, append_status::duplicate);
  event.received_at += std::chrono::minutes(1);
  const auto again = queue.append({event}).value();
  EXPECT_EQ(again.front().status, append_status::appended);
  EXPECT_EQ(again.front().number, 2u);
  EXPECT_EQ(queue.receipt_of("shop", "1")->event.number, 2u);
}

TEST_P(append_contract, sources_do_not_share_ids) {
  auto queue = open();
  queue.put("1", {});
  auto other = plain_event("1", {});
  other.source = "another";
  EXPECT_EQ(queue.append({other})->front().status, append_status::appended);
}

TEST_P(append_contract, unknown_destinations_and_giants_are_refused) {
  auto queue = open();
  with_destinations(queue);
  EXPECT_EQ(queue.append({plain_event("1", {99})}).error().code, errc::not_found);
  EXPECT_EQ(queue.append({plain_event("1", {a_, a_})}).error().code, errc::not_found);
  auto giant = plain_event("1", {});
  giant.stored.assign(queue.raw().traits().largest_event + 1, 'x');
  EXPECT_EQ(queue.append({giant}).error().code, errc::too_large);
  EXPECT_EQ(queue.raw().stats().events, 0u);
}

TEST_P(append_contract, wakes_after_appends_only) {
  auto queue = open();
  with_destinations(queue);
  int woken = 0;
  queue.raw().on_append(queue.mailbox(), [&] { ++woken; });
  queue.put("1", {a_});
  queue.run_until([&] { return woken == 1; });
  ASSERT_TRUE(queue.commit(held_, up_to(1, {ended(1)})));
  ASSERT_EQ(queue.append({plain_event("1", {a_})})->front().status, append_status::duplicate);
  EXPECT_EQ(woken, 1);
  queue.put("2", {a_});
  queue.run_until([&] { return woken == 2; });
}

TEST_P(append_contract, refusals_are_counted_without_a_write) {
  auto queue = open();
  queue.raw().note_refused(2);
  EXPECT_EQ(queue.raw().stats().ingest.refused, 2u);
  queue.put("1", {});
  queue.raw().note_refused(1);
  EXPECT_EQ(queue.raw().stats().ingest.refused, 3u);
}

TEST_P(append_contract, a_closed_queue_answers_stopped) {
  auto queue = open();
  queue.put("1", {});
  queue.close();
  EXPECT_EQ(queue.append({plain_event("2", {})}).error().code, errc::stopped);
  EXPECT_EQ(queue.read(0).error().code, errc::stopped);
  EXPECT_EQ(queue.receipt_of(1).error().code, errc::stopped);
  EXPECT_FALSE(queue.raw().stats().writable);
  EXPECT_EQ(queue.raw().stats().reason, "stopped");
  EXPECT_EQ(queue.raw().refusal(), errc::stopped);
}

FOR_EVERY_ENGINE(append_contract);

}  // namespace
}  // namespace cartrelay::queue::testing
