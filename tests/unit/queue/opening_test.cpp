#include "queue/open.hpp"
#include "queue/rocksdb/keys.hpp"
#include "queue/rocksdb/marker.hpp"
#include "queue/rocksdb/store_records.hpp"
#include "queue/rocksdb/tuning.hpp"
#include "tests/contract/queue/support.hpp"
#include "tests/unit/queue/raw_store.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>

namespace cartrelay::queue::testing {
namespace {

using ::testing::HasSubstr;

class opening : public ::testing::Test {
 protected:
  base::result<std::unique_ptr<engine>> open() {
    return queue::open(settings_in(folder_.path()), base::system_clock());
  }
  /// A queue with so many events, closed.
  void fill(int count) {
    client queue([this] { return open(); });
    for (int i = 1; i <= count; ++i)
      queue.put(std::to_string(i), {});
  }
  /// To RocksDB, no more than a torn tail.
  void cut_log() {
    const auto log = files_of(folder_.path(), ".log").back();
    std::filesystem::resize_file(log, file_size(log) - 5);
  }
  void expect_refused(errc code, const std::string& words) {
    const auto opened = open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, code);
    EXPECT_THAT(opened.error().message(), HasSubstr(words));
  }

  temporary_folder folder_;
};

TEST_F(opening, what_it_makes_nobody_else_may_look_into) {
  using std::filesystem::perms;
  const auto mode = [](const std::filesystem::path& folder) {
    return std::filesystem::status(folder).permissions();
  };
  const auto mine = folder_.path() / "some" / "queue";
  auto settings = settings_in(mine);
  client([&] { return queue::open(settings, base::system_clock()); }).close();
  EXPECT_EQ(mode(mine), perms::owner_all);
  EXPECT_EQ(mode(mine / "db"), perms::owner_all);

  const auto given = folder_.path() / "given";
  std::filesystem::create_directory(given);
  const auto before = perms::owner_all | perms::group_read;
  std::filesystem::permissions(given, before);
  settings = settings_in(given);
  client([&] { return queue::open(settings, base::system_clock()); }).close();
  EXPECT_EQ(mode(given), before) << "the operator's";
  EXPECT_EQ(mode(given / "db"), perms::owner_all);
}

TEST_F(opening, a_second_holder_is_told_of_the_first) {
  client queue([this] { return open(); });
  expect_refused(errc::locked, "pid " + std::to_string(::getpid()));
  queue.close();
  EXPECT_TRUE(open()) << "and gets it once it is free";
}

TEST_F(opening, what_the_system_refuses_is_an_error_and_no_exception) {
  const auto database = folder_.path() / "db";
  std::filesystem::create_directory_symlink(database, database);
  expect_refused(errc::read_only, "db: Too many levels");
  std::filesystem::remove(database);
  std::ofstream(database) << "a file";
  expect_refused(errc::read_only, "db: Not a directory");
}

TEST_F(opening, keeps_a_marker) {
  fill(3);
  const auto marker = rocks::read_marker(folder_.path().string()).value();
  ASSERT_TRUE(marker);
  EXPECT_EQ(marker->last, 3u);
  EXPECT_EQ(marker->store.size(), 32u);
}

TEST_F(opening, a_store_that_knows_less_than_its_marker_is_damaged) {
  fill(3);
  auto marker = rocks::read_marker(folder_.path().string()).value().value();
  marker.last = 10;
  ASSERT_TRUE(rocks::write_marker(folder_.path().string(), marker));
  expect_refused(errc::damaged, "it ends at event 3, though event 10 was stored");
}

TEST_F(opening, a_log_that_was_cut_short_is_damaged) {
  fill(3);
  {
    client queue([this] { return open(); });
    queue.add("a");
  }
  cut_log();
  expect_refused(errc::damaged, "was acknowledged");
}

TEST_F(opening, a_log_that_lost_an_event_is_damaged) {
  fill(3);
  cut_log();
  expect_refused(errc::damaged, "it ends at event 2, though event 3 was stored");
}

TEST_F(opening, a_used_store_without_its_marker_is_damaged) {
  fill(3);
  std::filesystem::remove(folder_.path() / "marker");
  expect_refused(errc::damaged, "its marker is gone");
}

TEST_F(opening, a_marker_that_the_system_does_not_give_is_not_gone) {
  fill(3);
  const auto marker = folder_.path() / "marker", kept = folder_.path() / "kept";
  std::filesystem::rename(marker, kept);
  std::filesystem::create_symlink(marker, marker);
  expect_refused(errc::read_only, "marker: Too many levels");
  std::filesystem::remove(marker);
  std::filesystem::create_symlink("/proc/self/mem", marker);  // opens, and gives nothing
  expect_refused(errc::read_only, "marker: Input/output error");
  std::filesystem::remove(marker);
  std::filesystem::rename(kept, marker);
  EXPECT_TRUE(open());
}

TEST_F(opening, tables_without_a_database_are_not_overwritten) {
  fill(3);
  std::filesystem::remove(folder_.path() / "marker");
  std::filesystem::remove(folder_.path() / "db/CURRENT");
  expect_refused(errc::damaged, "the database is gone");
}

TEST_F(opening, one_torn_place_of_the_marker_is_no_damage) {
  fill(3);
  flip_byte(folder_.path() / "marker", 10);
  EXPECT_TRUE(open());
  const auto marker = rocks::read_marker(folder_.path().string()).value().value();
  EXPECT_EQ(marker.last, 3u);
}

TEST_F(opening, another_stores_marker_is_damage) {
  fill(3);
  ASSERT_TRUE(rocks::write_marker(folder_.path().string(), {std::string(32, 'a'), 1, 1}));
  expect_refused(errc::damaged, "another store");
}

TEST_F(opening, a_senseless_marker_is_damage) {
  fill(1);
  std::ofstream(folder_.path() / "marker") << "nonsense";
  expect_refused(errc::damaged, "marker cannot be read");
}

TEST_F(opening, a_database_that_is_gone_is_not_made_anew) {
  fill(3);
  std::filesystem::remove_all(folder_.path() / "db");
  expect_refused(errc::damaged, "the database is gone, though it once held 3 events");
}

TEST_F(opening, a_database_whose_log_is_gone_is_damaged) {
  fill(3);
  for (const auto& each : files_of(folder_.path(), ".log"))
    std::filesystem::remove(each);
  expect_refused(errc::damaged, "--accept-data-loss");
}

TEST_F(opening, a_later_format_is_left_alone) {
  fill(1);
  with_raw_store(folder_.path(), put_later_format);
  expect_refused(errc::incompatible, "format " + std::to_string(rocks::store_format + 1));
}

TEST_F(opening, an_unknown_family_is_of_a_newer_version) {
  fill(1);
  with_raw_store(folder_.path(), [](rocks::store& data) {
    rocksdb::ColumnFamilyHandle* made = nullptr;
    ASSERT_TRUE(data.db().CreateColumnFamily({}, "novelty", &made).ok());
    ASSERT_TRUE(data.db().DestroyColumnFamilyHandle(made).ok());
  });
  expect_refused(errc::incompatible, "novelty");
}

TEST_F(opening, an_unreadable_destination_is_damage) {
  {
    client queue([this] { return open(); });
    queue.add("a");
  }
  with_raw_store(folder_.path(), [](rocks::store& data) {
    ASSERT_TRUE(flip_bit(data, rocks::family::meta, rocks::unit_entry(1, 0), 4));
  });
  const auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, errc::damaged);
}

TEST_F(opening, a_folder_that_cannot_be_made_is_said) {
  auto settings = settings_in("/proc/no/such/folder");
  const auto opened = queue::open(settings, base::system_clock());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, errc::read_only);
}

TEST_F(opening, finds_the_totals_of_the_last_trim_after_a_crash) {
  const temporary_folder killed;
  client queue([this] { return open(); });
  queue.put("1", {});
  queue.append({plain_event("1", {})}).value();
  queue.raw().note_refused(3);
  queue.trim(start());
  std::filesystem::copy(folder_.path(), killed.path(), std::filesystem::copy_options::recursive);
  client again([&] { return queue::open(settings_in(killed.path()), base::system_clock()); });
  const auto found = again.raw().stats().ingest;
  EXPECT_EQ(found.accepted, 1u);
  EXPECT_EQ(found.duplicates, 1u);
  EXPECT_EQ(found.refused, 3u);
}

TEST_F(opening, engines_have_names) {
  auto settings = settings_in(folder_.path(), "memory");
  EXPECT_EQ((*queue::open(settings, base::system_clock()))->stats().engine, "memory");
  settings.engine = "postgres";
  EXPECT_EQ(queue::open(settings, base::system_clock()).error().code, errc::incompatible);
}

}  // namespace
}  // namespace cartrelay::queue::testing
