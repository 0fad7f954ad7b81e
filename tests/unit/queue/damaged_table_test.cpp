#include "queue/open.hpp"
#include "queue/rocksdb/row_versions.hpp"
#include "queue/rocksdb/tuning.hpp"
#include "tests/contract/queue/support.hpp"
#include "tests/unit/queue/failing_disk.hpp"
#include "tests/unit/queue/raw_store.hpp"

namespace cartrelay::queue::testing {
namespace {

/// A small young table beside a large one, as each start leaves them: its first block is all of it.
class damaged_table : public ::testing::Test {
 protected:
  base::result<std::unique_ptr<engine>> open() {
    return queue::open(settings_in(folder_.path()), base::system_clock());
  }
  /// That many more dead letters.
  void fill(client& queue, sequence count) {
    const auto first = queue.raw().stats().next;
    std::vector<end> ends;
    for (auto number = first; number < first + count; ++number) {
      queue.put(std::to_string(number), {a_});
      ends.push_back(ended(number, end_state::dead_letter));
    }
    ASSERT_TRUE(queue.commit(queue.acquire(a_).held, up_to(first + count - 1, std::move(ends))));
  }
  static dead_letter_selection all_that_are_found(client& queue) {
    dead_letter_query every;
    every.limit = 1'000;
    dead_letter_selection out;
    out.keys = queue.find_dead_letters(every);
    return out;
  }
  void damage_the_smallest(const std::string& family) {
    std::optional<std::filesystem::path> smallest;
    for (const auto& each : files_of(folder_.path(), ".sst")) {
      rocks::lone_table::origin of;
      if (!rocks::lone_table::look(each, of).ok() || of.name != family) continue;
      if (!smallest || file_size(each) < file_size(*smallest)) smallest = each;
    }
    ASSERT_TRUE(smallest);
    flip_byte(*smallest, 20);
  }

  void SetUp() override {
    client queue([this] { return open(); });
    a_ = queue.add("a");
    fill(queue, 300);
    queue.reopen();  // what was in the logs stands in tables now
    fill(queue, 3);
    queue.reopen();
  }

  temporary_folder folder_;
  destination_id a_ = 0;
};

TEST_F(damaged_table, hides_no_dead_letters_that_stand_in_another) {
  damage_the_smallest("dead_letters");
  client queue([this] { return open(); });
  EXPECT_EQ(queue.requeue(all_that_are_found(queue)).size(), 300u);
}

TEST_F(damaged_table, keeps_no_dead_letters_from_being_replayed_whose_copies_stand_in_another) {
  damage_the_smallest("copies");
  client queue([this] { return open(); });
  EXPECT_GE(queue.requeue(all_that_are_found(queue)).size(), 300u);
}

TEST_F(damaged_table, of_the_log_loses_only_its_own_events) {
  damage_the_smallest("log");
  client queue([this] { return open(); });
  const auto all = queue.read(0, {1'000, 1 << 20});
  ASSERT_TRUE(all);
  EXPECT_EQ(all->records.size(), 300u);
  EXPECT_EQ(all->corrupt, (std::vector<sequence>{301, 302, 303}));
  EXPECT_TRUE(queue.receipt_of(302)) << "a dead letter has a copy";
}

TEST(damaged_log, is_told_to_who_asks_for_a_receipt) {
  const temporary_folder folder;
  const auto open = [&] { return queue::open(settings_in(folder.path()), base::system_clock()); };
  {
    client queue(open);
    const auto a = queue.add("a");
    for (int i = 1; i <= 3; ++i)
      queue.put(std::to_string(i), {a});
  }
  flip_byte(table_of(folder.path(), "log"), 20);
  client queue(open);
  EXPECT_EQ(queue.read(0)->corrupt, (std::vector<sequence>{1, 2, 3}));
  queue.run_until([&] { return queue.raw().stats().corrupt == 3; });
  const auto found = queue.receipt_of(2);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, errc::not_found);
  EXPECT_NE(found.error().detail.find("was damaged and is set aside"), std::string::npos);
  EXPECT_TRUE(queue.receipt_of(99).error().detail.empty()) << "of that one nothing is known";
}

TEST(damaged_ends, are_not_told_as_pending) {
  constexpr sequence count = 2'000;
  const temporary_folder folder;
  const auto open = [&] { return queue::open(settings_in(folder.path()), base::system_clock()); };
  destination_id a = 0;
  {
    client queue(open);
    a = queue.add("a");
    for (sequence number = 1; number <= count + 1; ++number)
      queue.put(std::to_string(number), {a});
    ASSERT_TRUE(queue.commit(queue.acquire(a).held, delivered_up_to(count)));
  }
  const auto table = table_of(folder.path(), "ends");
  flip_byte(table, file_size(table) / 2);

  client queue(open);
  std::size_t unreadable = 0;
  for (sequence number = 1; number <= count; ++number) {
    const auto line = queue.receipt_of(number)->lines.front();
    ASSERT_TRUE(line.ended) << number;
    if (line.ended->reason == "corrupt") ++unreadable;
  }
  EXPECT_GT(unreadable, 0u);
  EXPECT_LT(unreadable, 400u);
  EXPECT_FALSE(queue.receipt_of(count + 1)->lines.front().ended) << "that one is pending";
}

/// A database on a disk that does not give the beginning of a table of the log.
class unreadable_table : public ::testing::Test {
 protected:
  void SetUp() override {
    {
      client queue([this] { return queue::open(settings_in(folder_.path()), base::system_clock()); });
      queue.put("1", {queue.add("a")});
    }
    disk_->bad_log = table_of(folder_.path(), "log");
  }
  void open() {
    const auto how = rocks::database_options(env_.get(), faults_);
    const auto status = rocks::store::open((folder_.path() / "db").string(), how, faults_, data_);
    ASSERT_TRUE(status.ok()) << status.ToString();
    faults_->on_failure([this](const base::error&) { ++failures_; });
    disk_->bad = {0, 100};
  }
  rocksdb::Status compact() {
    rocksdb::CompactRangeOptions how;
    how.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    return data_->db().CompactRange(how, (*data_)[rocks::family::log], nullptr, nullptr);
  }
  rocksdb::Status write() {
    rocksdb::WriteBatch batch;
    batch.Put((*data_)[rocks::family::log], "key", "value");
    return data_->write(batch);
  }

  temporary_folder folder_;
  std::shared_ptr<failing_disk> disk_ = std::make_shared<failing_disk>();
  std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(disk_);
  std::shared_ptr<rocks::fault_listener> faults_ = std::make_shared<rocks::fault_listener>();
  std::unique_ptr<rocks::store> data_;
  int failures_ = 0;
};

TEST_F(unreadable_table, stops_no_writes_where_it_is_compacted) {
  open();
  EXPECT_TRUE(compact().IsIOError());
  EXPECT_EQ(failures_, 0);
  EXPECT_EQ(faults_->take_unreadable_families(), (std::vector<std::string>{"log"}));
  EXPECT_TRUE(write().ok());
}

TEST_F(unreadable_table, excuses_no_compaction_whose_writes_fail) {
  open();
  EXPECT_FALSE(compact().ok());
  disk_->bad = {};
  disk_->full_while = folder_.path();
  EXPECT_FALSE(compact().ok());
  EXPECT_EQ(failures_, 1);
}

}  // namespace
}  // namespace cartrelay::queue::testing
