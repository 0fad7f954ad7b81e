#include "queue/rocksdb/gathering.hpp"

#include "queue/open.hpp"
#include "queue/rocksdb/row_versions.hpp"
#include "tests/contract/queue/support.hpp"
#include "tests/unit/queue/raw_store.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <numeric>

namespace cartrelay::queue::testing {
namespace {

using ::testing::ElementsAre;

constexpr sequence count = 400;
constexpr std::size_t size = 100'000;  // bytes of an event: together more than two memtables of the log hold

/// A store with several write-ahead logs that are needed still, though tables of the log's family hold a part
/// of what is in them: RocksDB's repair cannot put the two side by side.
class gathering : public ::testing::Test {
 protected:
  void SetUp() override {
    client queue([this] { return open(); });
    a_ = queue.add("a");
    const auto held = queue.acquire(a_).held;
    for (sequence number = 1; number <= count; ++number) {
      queue.append({event(number)});
      // Two wait, and one of them no longer when the second log has begun.
      const auto done = number == 50      ? queue.commit(held, step(40, {waiting(10), waiting(11)}))
                        : number == count ? queue.commit(held, step(120, {}, {ended(10)}))
                                          : base::result<void>();
      ASSERT_TRUE(done);
    }
    // The first is in use when the second is whole.
    queue.run_until([this] { return tables_of_the_log().size() > 1; });
    before_ = queue.stats_of(a_);
  }
  [[nodiscard]] base::result<std::unique_ptr<engine>> open(bool accept = false) const {
    auto settings = settings_in(folder_.path());
    settings.accept_data_loss = accept;
    return queue::open(settings, base::system_clock());
  }
  [[nodiscard]] new_event event(sequence number) const {
    return plain_event(std::to_string(number), {a_}, noise(number, size));
  }
  /// Up to `cursor`, from where the last one ended.
  progress step(sequence cursor, std::vector<exception> wait, std::vector<end> ends = {}) {
    for (; next_ <= cursor; ++next_)
      if (std::none_of(wait.begin(), wait.end(), [&](const exception& each) { return each.number == next_; }))
        ends.push_back(ended(next_));
    return up_to(cursor, std::move(ends), std::move(wait));
  }
  /// That are whole, the oldest first.
  [[nodiscard]] std::vector<std::filesystem::path> tables_of_the_log() const {
    auto found = files_of(folder_.path(), ".sst");
    std::erase_if(found, [](const auto& each) {
      rocks::lone_table::origin of;
      return !rocks::lone_table::look(each, of).ok() || of.name != "log";
    });
    std::sort(found.begin(), found.end());
    return found;
  }
  void expect_refused() const {
    const auto strict = open();
    ASSERT_FALSE(strict);
    EXPECT_EQ(strict.error().code, errc::damaged) << strict.error().message();
  }
  static std::vector<sequence> all_of(client& queue) {
    std::vector<sequence> found;
    for (sequence after = 0;;) {
      const auto batch = queue.read(after);
      for (const auto& each : batch->records)
        found.push_back(each.number);
      if (batch->at_end) return found;
      after = batch->position;
    }
  }

  temporary_folder folder_;
  destination_id a_ = 0;
  destination_stats before_;
  sequence next_ = 1;
};

TEST_F(gathering, loses_nothing_where_only_the_manifest_is_gone) {
  ASSERT_GE(files_of(folder_.path(), ".log").size(), 2u);
  for (const auto& each : std::filesystem::directory_iterator(folder_.path() / "db"))
    if (each.path().filename().string().starts_with("MANIFEST")) std::filesystem::remove(each.path());
  expect_refused();

  client queue([this] { return open(true); });
  EXPECT_EQ(queue.raw().stats().lost_accepted, 0u);
  EXPECT_EQ(queue.raw().stats().corrupt, 0u);
  std::vector<sequence> every(count);
  std::iota(every.begin(), every.end(), sequence{1});
  EXPECT_EQ(all_of(queue), every);
  EXPECT_EQ(queue.append({event(7)})->front().status, append_status::duplicate);
  EXPECT_EQ(queue.stats_of(a_).counts, before_.counts);
  const auto unit = queue.acquire(a_);
  EXPECT_EQ(unit.cursor, 120u);
  ASSERT_EQ(unit.exceptions.size(), 1u) << "what ended in the second log does not wait again";
  EXPECT_EQ(unit.exceptions.front().number, 11u);
  queue.close();
  EXPECT_TRUE(open()) << "nothing is to be accepted any more";
}

TEST_F(gathering, loses_of_a_table_that_is_gone_only_what_stood_there_alone) {
  std::filesystem::remove(tables_of_the_log().front());
  expect_refused();

  client queue([this] { return open(true); });
  const auto left = all_of(queue);
  EXPECT_EQ(left.size() + queue.raw().stats().lost_accepted + queue.raw().stats().corrupt, count);
  EXPECT_EQ(queue.stats_of(a_).counts.delivered, before_.counts.delivered);
  EXPECT_EQ(queue.append({event(count)})->front().status, append_status::duplicate);
}

TEST_F(gathering, leaves_no_files_behind) {
  std::filesystem::resize_file(tables_of_the_log().front(), 100);
  expect_refused();
  client queue([this] { return open(true); });
  queue.close();
  std::vector<std::string> names;
  for (const auto& each : std::filesystem::directory_iterator(folder_.path()))
    if (const auto name = each.path().filename().string(); name.starts_with("db")) names.push_back(name);
  EXPECT_THAT(names, ElementsAre("db"));
}

TEST_F(gathering, takes_a_folder_that_is_not_listed_for_no_empty_one) {
  const auto unlisted = folder_.path() / "file";
  std::ofstream(unlisted).close();
  with_raw_store(folder_.path(),
                 [&](rocks::store& to) { EXPECT_TRUE(rocks::gather(unlisted, to).IsIOError()); });
}

}  // namespace
}  // namespace cartrelay::queue::testing
