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
    return client([this] { return rocks::open(settings_, base::system_clock()); });
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
  /// So many files of level 0, with so many events each.
  void fill_files(int files, int count) {
    for (int file = 0; file < files; ++file) {
      {
        auto queue = open();
        const auto a = queue.add("a");
        std::vector<new_event> events;
        for (int i = 1; i <= count; ++i)
          events.push_back(plain_event(std::to_string(file * count + i), {a},
                                       noise(static_cast<std::uint64_t>(file * count + i), 1000)));
        ASSERT_TRUE(queue.append(std::move(events)));
      }
      with_raw_store(folder_.path(), [](rocks::store& data) {
        ASSERT_TRUE(data.db().Flush({}, data[rocks::family::log]).ok());
      });
    }
  }
  struct outcome {
    std::vector<sequence> read, corrupt;
  };
  static outcome read_all(client& queue) {
    outcome out;
    for (sequence after = 0;;) {
      const auto batch = queue.read(after).value();
      for (const auto& each : batch.records)
        out.read.push_back(each.number);
      out.corrupt.insert(out.corrupt.end(), batch.corrupt.begin(), batch.corrupt.end());
      EXPECT_TRUE(batch.at_end || batch.position > after);
      if (batch.at_end || batch.position <= after) return out;
      after = batch.position;
    }
  }
  static std::vector<sequence> search_all(client& queue) {
    std::vector<sequence> found;
    receipt_query query;
    for (bool more = true; more;) {
      const auto page = queue.search(query);
      for (const auto& each : page.receipts)
        found.insert(found.begin(), each.event.number);
      query.before = page.next;
      more = page.next.has_value();
    }
    return found;
  }
  /// Those that stood in what was damaged are set aside, all others are read and found.
  void expect_lost(sequence first, sequence least, sequence most, sequence all) {
    auto queue = open();
    const auto a = queue.add("a");
    const auto got = read_all(queue);
    ASSERT_FALSE(got.corrupt.empty());
    EXPECT_EQ(got.corrupt.front(), first);
    EXPECT_EQ(got.corrupt.back(), first + got.corrupt.size() - 1) << "in a row";
    EXPECT_GE(got.corrupt.size(), least);
    EXPECT_LE(got.corrupt.size(), most);
    EXPECT_EQ(got.read.size() + got.corrupt.size(), all) << "each is one or the other";
    wait_for_corrupt(queue, got.corrupt.size());
    EXPECT_EQ(search_all(queue), got.read);
    std::vector<sequence> every(all);
    std::iota(every.begin(), every.end(), sequence{1});
    EXPECT_EQ(numbers(queue.fetch(every, 1 << 30).value()), got.read);
    EXPECT_EQ(queue.stats_of(a).counts.discarded, got.corrupt.size());
    EXPECT_EQ(queue.stats_of(a).counts.backlog(), got.read.size());
  }

  void wait_for_corrupt(client& queue, std::uint64_t count) {
    queue.run_until([&] {
      queue.read(0, {.max_records = 1, .max_bytes = 1});  // any round trip: the writer works meanwhile
      return queue.raw().stats().corrupt >= count;
    });
    EXPECT_EQ(queue.raw().stats().corrupt, count);
  }

  temporary_folder folder_;
  options settings_ = settings_in(folder_.path());
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
  const auto [read, corrupt] = read_all(queue);
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

constexpr std::size_t records_of_a_block = 33;

TEST_F(corruption, the_first_block_of_a_younger_file_hides_nothing_of_an_older_one) {
  fill_files(2, 600);
  flip_byte(tables_of(folder_.path(), "log").at(1).file, 100);
  expect_lost(601, 1, records_of_a_block, 1200);
}

TEST_F(corruption, the_last_block_of_an_older_file_hides_nothing_of_a_younger_one) {
  fill_files(2, 600);
  const auto older = tables_of(folder_.path(), "log").at(0).file;
  flip_byte(older, 600 * 1000);
  auto queue = open();
  const auto got = read_all(queue);
  EXPECT_EQ(got.corrupt.size() + got.read.size(), 1200u);
  EXPECT_LE(got.corrupt.size(), records_of_a_block);
  EXPECT_EQ(search_all(queue), got.read);
}

TEST_F(corruption, the_first_block_of_a_table_is_not_the_end_of_the_log) {
  fill(1000, 1000);
  lay_out_in_tables(folder_.path(), rocks::family::log, 200000);
  const auto tables = tables_of(folder_.path(), "log");
  ASSERT_GT(tables.size(), 3u);
  flip_byte(tables.at(1).file, 100);
  expect_lost(rocks::sequence_of(tables.at(1).first_key), 1, records_of_a_block, 1000);
}

TEST_F(corruption, a_table_that_cannot_be_opened_is_not_the_end_of_the_log) {
  fill(1000, 1000);
  lay_out_in_tables(folder_.path(), rocks::family::log, 30000);
  const auto tables = tables_of(folder_.path(), "log");
  ASSERT_GT(tables.size(), 20u);
  settings_.max_open_files = 20;  // one that is opened with the database is refused with it
  const auto& [first_key, file] = tables.at(tables.size() / 2);
  flip_byte(file, file_size(file) - 5);
  expect_lost(rocks::sequence_of(first_key), 20, 2 * records_of_a_block, 1000);
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
