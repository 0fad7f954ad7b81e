#include "queue/rocksdb/engine.hpp"
#include "queue/rocksdb/keys.hpp"
#include "queue/rocksdb/progress_records.hpp"
#include "queue/rocksdb/routes.hpp"
#include "tests/contract/queue/support.hpp"
#include "tests/unit/queue/raw_store.hpp"

namespace cartrelay::queue::testing {
namespace {

constexpr auto day = std::chrono::hours(24);

/// Trimming as the RocksDB engine does it: by segments. Retention is seven days.
class segments : public ::testing::Test {
 protected:
  client open() {
    return client([this] { return rocks::open(settings_in(folder_.path()), base::system_clock()); });
  }
  /// So many finished events, received at one time.
  void add_finished(client& queue, sequence count, base::timestamp at) {
    const auto a = queue.add("a");
    std::vector<new_event> events;
    for (sequence i = 0; i < count; ++i) {
      events.push_back(plain_event(std::to_string(++made_), {a}));
      events.back().received_at = at;
    }
    const auto first = made_ - count + 1;
    ASSERT_TRUE(queue.append(std::move(events)));
    progress step = up_to(made_);
    for (auto i = first; i <= made_; ++i)
      step.ends.push_back(ended(i));
    ASSERT_TRUE(queue.commit(queue.acquire(a).held, step));
  }

  temporary_folder folder_;
  sequence made_ = 0;
};

TEST_F(segments, leave_whole_once_their_newest_is_old) {
  auto queue = open();
  add_finished(queue, rocks::segment_size + 100, start());
  add_finished(queue, 10, start() + day * 5);
  EXPECT_EQ(queue.trim(start() + day * 7), 0u);
  EXPECT_EQ(queue.trim(start() + day * 7 + std::chrono::minutes(1)), rocks::segment_size - 1);
  EXPECT_EQ(queue.raw().stats().first, rocks::segment_size);
  EXPECT_EQ(queue.raw().stats().events, 111u);
  EXPECT_EQ(queue.read(0)->records.front().number, rocks::segment_size);
  EXPECT_FALSE(queue.receipt_of(1));
  EXPECT_TRUE(queue.receipt_of(rocks::segment_size));
}

TEST_F(segments, that_fill_slowly_leave_in_parts_when_overdue) {
  auto queue = open();
  for (int i = 0; i < 12; ++i)
    add_finished(queue, 1, start() + day * i);
  EXPECT_EQ(queue.trim(start() + day * 8), 0u) << "old, but a part is not worth a range deletion yet";
  EXPECT_EQ(queue.trim(start() + day * 8 + std::chrono::hours(1)), 2u);
  EXPECT_EQ(queue.raw().stats().first, 3u);
  EXPECT_EQ(queue.trim(start() + day * 8 + std::chrono::hours(2)), 0u);
}

TEST_F(segments, many_leave_in_one_call) {
  auto queue = open();
  for (int i = 0; i < 7; ++i)
    add_finished(queue, rocks::segment_size, start());
  EXPECT_EQ(queue.trim(start() + day * 30), 7 * rocks::segment_size);
  EXPECT_EQ(queue.raw().stats().events, 0u);
  queue.close();
  expect_balanced(folder_.path());
  with_raw_store(folder_.path(), [](rocks::store& data) {
    for (const auto which : {rocks::family::log, rocks::family::routes, rocks::family::ends}) {
      const std::unique_ptr<rocksdb::Iterator> at(data.db().NewIterator({}, data[which]));
      at->Seek(rocks::log_key(0, 0));
      EXPECT_FALSE(at->Valid()) << "nothing is left behind";
    }
  });
}

TEST_F(segments, that_leave_in_part_leave_the_routes_of_the_rest) {
  auto queue = open();
  const auto a = queue.add("a"), b = queue.add("b");
  std::vector<new_event> events;
  for (sequence i = 1; i <= 20; ++i)
    events.push_back(plain_event(std::to_string(i), {i % 7 < 4 ? a : b}));
  ASSERT_TRUE(queue.append(std::move(events)));
  const auto finish = [&](sequence first, sequence last) {
    for (const auto id : {a, b}) {
      auto step = up_to(last);
      for (auto i = first; i <= last; ++i)
        if ((i % 7 < 4) == (id == a)) step.ends.push_back(ended(i));
      ASSERT_TRUE(queue.commit(queue.acquire(id).held, std::move(step)));
    }
  };
  for (const sequence last : {9u, 10u, 11u, 16u}) {
    const auto first = queue.raw().stats().first;
    finish(first, last);
    EXPECT_EQ(queue.trim(start() + day * 30), last + 1 - first);
    EXPECT_EQ(queue.raw().stats().events, 20 - last);
    queue.close();
    expect_balanced(folder_.path());
    queue.reopen();
  }
  finish(17, 20);
  EXPECT_EQ(queue.trim(start() + day * 30), 4u);
  EXPECT_EQ(queue.raw().stats().events, 0u);
}

TEST_F(segments, that_left_before_a_cursor_moved_are_finished_nonetheless) {
  auto queue = open();
  add_finished(queue, 20, start());
  EXPECT_EQ(queue.trim(start() + day * 30), 20u);
  queue.close();
  with_raw_store(folder_.path(), [](rocks::store& data) {
    const auto key = rocks::unit_entry(1, 0);
    auto stood = rocks::decode_unit(key, data.get(rocks::family::meta, key)->value()).value();
    stood.cursor = 3;
    rocksdb::WriteBatch batch;
    batch.Put(data[rocks::family::meta], key, rocks::encode_unit(key, stood));
    ASSERT_TRUE(data.write(batch).ok());
  });
  queue.reopen();
  EXPECT_EQ(queue.acquire(1).cursor, 20u);
}

TEST_F(segments, forgotten_things_leave_when_rocksdb_compacts) {
  {
    auto queue = open();
    const auto a = queue.add("a");
    ASSERT_TRUE(queue.append({order_event("1", "A-1", "ann@example.com", {})}));
    progress step = up_to(0);
    step.state = {{"old", "x", start() + day}, {"young", "x", start() + day * 100}};
    ASSERT_TRUE(queue.commit(queue.acquire(a).held, step));
    EXPECT_EQ(queue.trim(start() + day * 30), 1u);
  }
  with_raw_store(folder_.path(), [](rocks::store& data) {
    data.limits().first = 2;
    data.limits().now = base::to_micros(start() + day * 30);
    data.limits().identities_before = base::to_micros(start() + day * 20);
    const auto rows = [&](rocks::family in) {
      EXPECT_TRUE(data.db().Flush({}, data[in]).ok());
      rocksdb::CompactRangeOptions all;
      all.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
      EXPECT_TRUE(data.db().CompactRange(all, data[in], nullptr, nullptr).ok());
      int count = 0;
      const std::unique_ptr<rocksdb::Iterator> at(data.db().NewIterator({}, data[in]));
      for (at->SeekToFirst(); at->Valid(); at->Next())
        ++count;
      return count;
    };
    EXPECT_EQ(rows(rocks::family::dedup), 1) << "something may be kept of its event";
    data.limits().kept_from = 2;
    EXPECT_EQ(rows(rocks::family::dedup), 0);
    EXPECT_EQ(rows(rocks::family::index), 0);
    EXPECT_EQ(rows(rocks::family::state), 1 + 2) << "beside the identity's copy and the destination's name";
  });
}

}  // namespace
}  // namespace cartrelay::queue::testing
