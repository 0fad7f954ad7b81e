#include "queue/rocksdb/engine.hpp"
#include "queue/rocksdb/records.hpp"
#include "queue/rocksdb/store_records.hpp"
#include "tests/contract/queue/support.hpp"
#include "tests/unit/queue/raw_store.hpp"

#include <numeric>

namespace cartrelay::queue::testing {
namespace {

class corruption : public ::testing::Test {
 protected:
  client open() {
    return client([this] { return rocks::open(settings_in(folder_.path()), base::system_clock()); });
  }
  /// So many events for one destination; the queue is closed again.
  void fill(int count, std::size_t size = 10) {
    auto queue = open();
    const auto a = queue.add("a");
    std::vector<new_event> events;
    for (int i = 1; i <= count; ++i)
      events.push_back(plain_event(std::to_string(i), {a}, noise(static_cast<std::uint64_t>(i), size)));
    ASSERT_TRUE(queue.append(std::move(events)));
  }
  void wait_for_corrupt(client& queue, std::uint64_t count) {
    queue.run_until([&] {
      queue.read(0, {.max_records = 1, .max_bytes = 1});  // any round trip: the writer works meanwhile
      return queue.raw().stats().corrupt >= count;
    });
    EXPECT_EQ(queue.raw().stats().corrupt, count);
  }

  temporary_folder folder_;
};

TEST_F(corruption, a_torn_record_is_set_aside_and_the_rest_is_read) {
  fill(5);
  with_raw_store(folder_.path(), [](rocks::store& data) {
    ASSERT_TRUE(flip_bit(data, rocks::family::log, rocks::log_key(0, 3), 20));
  });
  auto queue = open();
  const auto a = queue.add("a");
  const auto held = queue.acquire(a).held;
  const auto batch = queue.read(0).value();
  EXPECT_EQ(numbers(batch.records), (std::vector<sequence>{1, 2, 4, 5}));
  EXPECT_EQ(batch.corrupt, (std::vector<sequence>{3}));
  EXPECT_EQ(batch.position, 5u);
  wait_for_corrupt(queue, 1);
  EXPECT_EQ(queue.stats_of(a).counts.discarded, 1u) << "its ledger still balances";
  EXPECT_EQ(queue.acquire(a).ended_after, (std::vector<sequence>{3}));
  EXPECT_EQ(queue.commit(held, up_to(5)).error().code, errc::stale_lease);
  auto step = up_to(5, {ended(1), ended(2), ended(3), ended(4), ended(5)});
  ASSERT_TRUE(queue.commit(queue.acquire(a).held, step));
  EXPECT_EQ(queue.stats_of(a).counts.delivered, 4u);
  EXPECT_EQ(queue.stats_of(a).counts.backlog(), 0u);

  queue.reopen();
  EXPECT_EQ(queue.raw().stats().corrupt, 1u) << "counted once, and for good";
  queue.read(0);
  queue.close();
  expect_balanced(folder_.path());
  with_raw_store(folder_.path(), [](rocks::store& data) {
    EXPECT_TRUE(data.get(rocks::family::meta, rocks::torn_entry(0, 3)).value()) << "the evidence";
  });
}

TEST_F(corruption, a_torn_record_is_left_out_of_what_is_fetched) {
  fill(9);
  with_raw_store(folder_.path(), [](rocks::store& data) {
    ASSERT_TRUE(flip_bit(data, rocks::family::log, rocks::log_key(0, 3), 20));
  });
  auto queue = open();
  EXPECT_EQ(numbers(queue.fetch({1, 2, 3, 4, 5, 6}).value()), (std::vector<sequence>{1, 2, 4, 5, 6}));
  wait_for_corrupt(queue, 1);
  EXPECT_EQ(numbers(queue.fetch({2, 3}).value()), (std::vector<sequence>{2}));
}

TEST_F(corruption, a_block_that_cannot_be_read_is_stepped_over) {
  fill(200, 4000);
  with_raw_store(folder_.path(), [](rocks::store& data) {
    rocksdb::FlushOptions wait;
    ASSERT_TRUE(data.db().Flush(wait, data[rocks::family::log]).ok());
  });
  const auto tables = files_of(folder_.path(), ".sst");
  std::filesystem::path largest;
  for (const auto& each : tables)
    if (largest.empty() || file_size(each) > file_size(largest)) largest = each;
  flip_byte(largest, file_size(largest) / 2);

  auto queue = open();
  const auto a = queue.add("a");
  std::vector<sequence> read, corrupt;
  for (sequence after = 0;;) {
    const auto batch = queue.read(after).value();
    for (const auto& each : batch.records)
      read.push_back(each.number);
    corrupt.insert(corrupt.end(), batch.corrupt.begin(), batch.corrupt.end());
    ASSERT_TRUE(batch.at_end || batch.position > after);
    after = batch.position;
    if (batch.at_end) break;
  }
  EXPECT_FALSE(corrupt.empty());
  EXPECT_GT(read.size(), 100u);
  EXPECT_EQ(read.size() + corrupt.size(), 200u) << "each is one or the other";
  std::vector<sequence> all(200);
  std::iota(all.begin(), all.end(), sequence{1});
  EXPECT_EQ(numbers(queue.fetch(all).value()), read);
  wait_for_corrupt(queue, corrupt.size());
  EXPECT_EQ(queue.stats_of(a).counts.backlog(), read.size());
  EXPECT_EQ(queue.stats_of(a).counts.discarded, corrupt.size());
  EXPECT_TRUE(queue.raw().stats().writable);
  queue.put("more", {a});
  queue.close();
  expect_balanced(folder_.path());
}

TEST_F(corruption, a_waiting_event_whose_row_is_torn_starts_over) {
  {
    auto queue = open();
    const auto a = queue.add("a");
    queue.put("1", {a});
    ASSERT_TRUE(queue.commit(queue.acquire(a).held, up_to(1, {}, {waiting(1)})));
  }
  with_raw_store(folder_.path(), [](rocks::store& data) {
    ASSERT_TRUE(flip_bit(data, rocks::family::exceptions, rocks::unit_key(1, 0, 1), 3));
  });
  auto queue = open();
  const auto found = queue.acquire(queue.add("a"));
  ASSERT_EQ(found.exceptions.size(), 1u);
  EXPECT_EQ(found.exceptions[0].tries.count, 0u);
  EXPECT_EQ(found.exceptions[0].age_from, start());
}

TEST_F(corruption, a_torn_control_text_does_not_look_like_none) {
  {
    auto queue = open();
    const auto a = queue.add("a");
    progress step;
    step.control = "paused";
    ASSERT_TRUE(queue.commit(queue.acquire(a).held, step));
  }
  with_raw_store(folder_.path(), [](rocks::store& data) {
    ASSERT_TRUE(flip_bit(data, rocks::family::meta, rocks::control_entry(1, 0), 3));
  });
  auto queue = open();
  EXPECT_EQ(queue.acquire(queue.add("a")).control, unreadable_control);
  EXPECT_EQ(queue.acquire(queue.add("b")).control, "") << "nothing was ever stored";
}

TEST_F(corruption, an_unreadable_idempotency_key_does_not_refuse_the_event) {
  fill(1);
  with_raw_store(folder_.path(), [](rocks::store& data) {
    const auto stored =
        rocks::decode_store(*data.get(rocks::family::meta, std::string(rocks::store_entry)).value());
    ASSERT_TRUE(flip_bit(data, rocks::family::dedup, rocks::identity_key(stored->hashes, "shop", "1"), 5));
  });
  auto queue = open();
  EXPECT_EQ(queue.append({plain_event("1", {})})->front().status, append_status::appended);
}

}  // namespace
}  // namespace cartrelay::queue::testing
