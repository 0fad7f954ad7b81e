#include "base/file.hpp"
#include "queue/open.hpp"
#include "queue/rocksdb/disk_engine.hpp"
#include "queue/rocksdb/log_chain.hpp"
#include "queue/rocksdb/log_format.hpp"
#include "tests/contract/queue/support.hpp"
#include "tests/unit/queue/raw_store.hpp"

#include <gmock/gmock.h>

namespace cartrelay::queue::testing {
namespace {

using ::testing::HasSubstr;

/// More than one write-ahead log is needed: some families have written what they had of the older ones to
/// tables, others have not.
class live_logs : public ::testing::Test {
 protected:
  static constexpr std::uint64_t in_older = 20, in_newer = 10, events = in_older + in_newer;

  base::result<std::unique_ptr<engine>> open(bool accept = false) {
    auto settings = settings_in(folder_.path());
    settings.accept_data_loss = accept;
    return queue::open(settings, base::system_clock());
  }
  /// An engine whose database `data_` is.
  client open_with_database() {
    return client([this]() -> base::result<std::unique_ptr<engine>> {
      const auto settings = settings_in(folder_.path());
      auto opened = rocks::open_store(settings, start(), nullptr).value();
      auto books = rocks::open_books(settings, start(), opened).value();
      auto mark = rocks::settle_opening(settings, opened, *books).value();
      data_ = opened.data.get();
      return std::make_unique<rocks::disk_engine>(settings, base::system_clock(), rocks::surroundings{},
                                                  std::move(opened), std::move(books), std::move(mark));
    });
  }
  /// What the family has goes to a table, and a new log begins.
  void flush(rocks::family which) { ASSERT_TRUE(data_->db().Flush({}, (*data_)[which]).ok()); }
  void put(client& queue, std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i)
      queue.put(std::to_string(++stored_), {destination_});
  }
  void fill() {
    auto queue = open_with_database();
    destination_ = queue.add("a");
    put(queue, in_older);
    flush(rocks::family::dedup);
    put(queue, in_newer);
    queue.close();
    ASSERT_EQ(logs().size(), 2u);
  }
  [[nodiscard]] std::vector<std::filesystem::path> logs() const { return files_of(folder_.path(), ".log"); }
  /// Leaves whole records, half of the log at least, and zeros.
  static void zero_the_end(const std::filesystem::path& log) {
    const auto size = file_size(log);
    std::size_t border = 0;
    {
      const auto bytes = base::read_file(log).value();
      rocks::log_format::walk along(bytes, 0);
      while (along.at() < size / 2)
        ASSERT_TRUE(along.next());
      border = along.at();
    }
    std::filesystem::resize_file(log, border);
    std::filesystem::resize_file(log, size);
  }
  void expect_refused(const std::string& words) {
    const auto opened = open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, errc::damaged);
    EXPECT_THAT(opened.error().message(), HasSubstr(words));
    EXPECT_THAT(opened.error().message(), HasSubstr("--accept-data-loss"));
  }
  void expect_loss_is_counted(std::uint64_t at_most) {
    client queue([this] { return open(true); });
    const auto stats = queue.raw().stats();
    EXPECT_GT(stats.lost_accepted, 0u);
    EXPECT_LE(stats.lost_accepted, at_most);
    EXPECT_EQ(queue.read(0)->records.size() + stats.lost_accepted, events);
    EXPECT_EQ(stats.next, events + 1);
    queue.close();
    const auto again = open();
    ASSERT_TRUE(again) << again.error().message();
    (*again)->close();
    expect_balanced(folder_.path());
  }

  temporary_folder folder_;
  rocks::store* data_ = nullptr;
  destination_id destination_ = 0;
  std::uint64_t stored_ = 0;
};

TEST_F(live_logs, both_are_replayed) {
  fill();
  client queue([this] { return open(); });
  EXPECT_EQ(queue.read(0)->records.size(), events);
}

TEST_F(live_logs, an_older_one_that_is_gone_is_damage) {
  fill();
  std::filesystem::remove(logs().front());
  expect_refused("Missing WAL");
  expect_loss_is_counted(in_older);
}

TEST_F(live_logs, an_older_one_that_was_cut_is_damage) {
  fill();
  std::filesystem::resize_file(logs().front(), file_size(logs().front()) / 2);
  expect_refused("Size mismatch");
  expect_loss_is_counted(in_older);
}

TEST_F(live_logs, an_older_one_that_was_emptied_is_damage) {
  fill();
  std::filesystem::resize_file(logs().front(), 0);
  expect_refused("Size mismatch");
  expect_loss_is_counted(in_older);
}

/// As a log on prepared zeros ends.
TEST_F(live_logs, an_older_one_that_ends_in_zeros_too_soon_is_damage) {
  fill();
  zero_the_end(logs().front());
  expect_refused("are missing between " + logs().front().filename().string());
  expect_loss_is_counted(in_older);
}

TEST_F(live_logs, those_that_nobody_needs_may_be_gone) {
  auto queue = open_with_database();
  destination_ = queue.add("a");
  for (std::size_t round = 0; round < 2; ++round) {
    put(queue, in_newer);
    for (std::size_t i = 0; i < rocks::family_names.size(); ++i)
      flush(static_cast<rocks::family>(i));
  }
  queue.close();
  for (const auto& each : logs())
    std::filesystem::remove(each);
  client again([this] { return open(); });
  EXPECT_EQ(again.read(0)->records.size(), 2 * in_newer);
}

/// What a killed process leaves, at every step from one log to the next and to the end of the older one.
TEST_F(live_logs, a_crash_between_two_of_them_is_no_damage) {
  auto queue = open_with_database();
  destination_ = queue.add("a");
  const auto expect_sound = [&] {
    const temporary_folder killed;
    ASSERT_TRUE(data_->db().DisableFileDeletions().ok());
    std::filesystem::copy(folder_.path(), killed.path(), std::filesystem::copy_options::recursive);
    ASSERT_TRUE(data_->db().EnableFileDeletions(false).ok());
    client left([&] { return queue::open(settings_in(killed.path()), base::system_clock()); });
    EXPECT_EQ(left.read(0)->records.size(), stored_);
  };
  using rocks::family;
  for (const auto each : {family::dedup, family::log, family::routes, family::meta, family::state}) {
    put(queue, 1);
    expect_sound();
    flush(each);
    expect_sound();
  }
  put(queue, 1);
  expect_sound();
}

TEST_F(live_logs, what_is_no_longer_needed_need_not_follow) {
  fill();
  const auto found = logs();
  const auto number_of = [](const auto& log) { return std::stoull(log.stem().string()); };
  zero_the_end(found.front());
  const auto database = (folder_.path() / "db").string();
  auto& disk = *rocksdb::Env::Default();
  EXPECT_TRUE(rocks::check_log_chain(disk, database, number_of(found.front()), {}).IsCorruption());
  EXPECT_TRUE(rocks::check_log_chain(disk, database, number_of(found.back()), {}).ok());
}

}  // namespace
}  // namespace cartrelay::queue::testing
