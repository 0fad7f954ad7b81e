#include "tests/contract/queue/engines.hpp"

namespace cartrelay::queue::testing {
namespace {

class read_contract : public engine_contract {};

TEST_P(read_contract, gives_back_what_was_stored) {
  auto queue = open();
  with_destinations(queue);
  queue.put("1", {b_, a_});
  const auto batch = queue.read(0).value();
  ASSERT_EQ(batch.records.size(), 1u);
  const auto& read = batch.records.front();
  EXPECT_EQ(read.number, 1u);
  EXPECT_EQ(read.stored, "1:x");
  EXPECT_EQ(read.routed, (std::vector{b_, a_}));
  EXPECT_EQ(read.type, event::event_type::page_viewed);
  EXPECT_EQ(read.received_at, start());
  EXPECT_EQ(batch.position, 1u);
  EXPECT_TRUE(batch.at_end);
  EXPECT_TRUE(batch.corrupt.empty());
}

TEST_P(read_contract, an_empty_queue_is_at_its_end) {
  auto queue = open();
  const auto batch = queue.read(0).value();
  EXPECT_TRUE(batch.records.empty());
  EXPECT_TRUE(batch.at_end);
  EXPECT_EQ(batch.position, 0u);
}

TEST_P(read_contract, keeps_to_its_limits) {
  auto queue = open();
  for (int i = 1; i <= 5; ++i)
    queue.put(std::to_string(i), {});
  auto batch = queue.read(1, {.max_records = 2, .max_bytes = 1000}).value();
  EXPECT_EQ(numbers(batch.records), (std::vector<sequence>{2, 3}));
  EXPECT_EQ(batch.position, 3u);
  EXPECT_FALSE(batch.at_end);
  batch = queue.read(batch.position, {.max_records = 10, .max_bytes = 1000}).value();
  EXPECT_EQ(numbers(batch.records), (std::vector<sequence>{4, 5}));
  EXPECT_TRUE(batch.at_end);
  batch = queue.read(0, {.max_records = 10, .max_bytes = 1}).value();
  EXPECT_EQ(numbers(batch.records), (std::vector<sequence>{1}));
}

TEST_P(read_contract, past_the_end_there_is_nothing) {
  auto queue = open();
  queue.put("1", {});
  const auto batch = queue.read(7).value();
  EXPECT_TRUE(batch.records.empty());
  EXPECT_TRUE(batch.at_end);
  EXPECT_EQ(batch.position, 7u);
}

TEST_P(read_contract, there_is_one_partition) {
  auto queue = open();
  const auto other = queue.ask<read_batch>([&](auto then) { queue.raw().read(1, 0, {}, std::move(then)); });
  EXPECT_EQ(other.error().code, errc::not_found);
  EXPECT_EQ(queue.raw().traits().partitions, 1u);
}

TEST_P(read_contract, fetches_in_the_order_asked) {
  auto queue = open();
  for (int i = 1; i <= 3; ++i)
    queue.put(std::to_string(i), {});
  EXPECT_EQ(numbers(queue.fetch({3, 9, 1}).value()), (std::vector<sequence>{3, 1}));
}

TEST_P(read_contract, fetches_many_near_and_far_in_any_order) {
  auto queue = open();
  for (int i = 1; i <= 200; ++i)
    queue.put(std::to_string(i), {});
  EXPECT_EQ(numbers(queue.fetch({1, 2, 4, 3, 3, 900, 199, 200, 160, 5, 201}).value()),
            (std::vector<sequence>{1, 2, 4, 3, 3, 199, 200, 160, 5}));
  EXPECT_EQ(queue.fetch({7, 8, 9, 10})->at(2).stored, "9:x");
}

TEST_P(read_contract, fetches_no_more_once_it_has_so_many_bytes) {
  auto queue = open();
  for (int i = 1; i <= 9; ++i)
    queue.put(std::to_string(i), {});
  const auto each = queue.fetch({1})->front().stored.size();
  EXPECT_EQ(numbers(queue.fetch({3, 99, 1, 2, 5}, 2 * each).value()), (std::vector<sequence>{3, 1}));
  EXPECT_EQ(numbers(queue.fetch({3, 99, 1, 2, 5}, 2 * each + 1).value()), (std::vector<sequence>{3, 1, 2}));
  EXPECT_EQ(numbers(queue.fetch({99, 4, 1}, 0).value()), (std::vector<sequence>{4})) << "one, however large";
  EXPECT_TRUE(queue.fetch({98, 99}, 0)->empty());
}

TEST_P(read_contract, finds_receipts_by_number_and_by_id) {
  auto queue = open();
  with_destinations(queue);
  queue.put("1", {a_, b_});
  const auto found = queue.receipt_of("shop", "1").value();
  EXPECT_EQ(found.event.number, 1u);
  ASSERT_EQ(found.lines.size(), 2u);
  EXPECT_EQ(found.lines[1].destination, b_);
  EXPECT_FALSE(found.lines[0].ended);
  EXPECT_FALSE(found.lines[0].waiting);
  EXPECT_EQ(queue.receipt_of(2).error().code, errc::not_found);
  EXPECT_EQ(queue.receipt_of("shop", "2").error().code, errc::not_found);
}

FOR_EVERY_ENGINE(read_contract);

}  // namespace
}  // namespace cartrelay::queue::testing
