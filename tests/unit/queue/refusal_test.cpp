#include "queue/open.hpp"
#include "queue/rocksdb/keys.hpp"
#include "queue/rocksdb/marker.hpp"
#include "queue/rocksdb/tuning.hpp"
#include "tests/contract/queue/support.hpp"
#include "tests/unit/queue/raw_store.hpp"

#include <fstream>
#include <iterator>
#include <map>

namespace cartrelay::queue::testing {
namespace {

/// A store that is not opened stays as it was, and what was put right can be opened.
class refusal : public ::testing::Test {
 protected:
  static constexpr int events = 20;

  void SetUp() override {
    client queue([this] { return open(); });
    const auto a = queue.add("a");
    for (int i = 1; i <= events; ++i)
      queue.put(std::to_string(i), {a});
  }
  base::result<std::unique_ptr<engine>> open() {
    return queue::open(settings_in(folder_.path()), base::system_clock());
  }
  /// Without `holder`, which says who was there last.
  [[nodiscard]] std::map<std::string, std::string> contents() const {
    std::map<std::string, std::string> found;
    for (const auto& each : std::filesystem::recursive_directory_iterator(folder_.path())) {
      if (!each.is_regular_file() || each.path().filename() == "holder") continue;
      std::ifstream in(each.path(), std::ios::binary);
      found[each.path().string()] = {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    }
    return found;
  }
  void expect_refused_untouched(errc code) {
    const auto before = contents();
    for (int attempt = 0; attempt < 2; ++attempt) {
      const auto opened = open();
      ASSERT_FALSE(opened);
      EXPECT_EQ(opened.error().code, code) << opened.error().message();
    }
    EXPECT_TRUE(before == contents());
  }
  void expect_whole() {
    client queue([this] { return open(); });
    EXPECT_EQ(queue.read(0)->records.size(), static_cast<std::size_t>(events));
  }
  [[nodiscard]] std::filesystem::path log() const { return files_of(folder_.path(), ".log").back(); }
  /// As a power cut may leave a write that was never acknowledged, on a log that lies on zeros.
  void add_torn_write() {
    std::ofstream out(log(), std::ios::binary | std::ios::app);
    std::string torn(7, '\0');
    torn[4] = 100;
    torn[5] = 4;  // 1,124 bytes
    torn[6] = 1;  // a whole record
    out << torn << noise(1, 100) << std::string(8192, '\0');
  }

  temporary_folder folder_;
  const temporary_folder kept_;
};

TEST_F(refusal, a_log_that_was_cut_can_be_put_back) {
  std::filesystem::copy(log(), kept_.path() / "log");
  std::filesystem::resize_file(log(), file_size(log()) / 2);
  expect_refused_untouched(errc::damaged);
  std::filesystem::copy(kept_.path() / "log", log(), std::filesystem::copy_options::overwrite_existing);
  expect_whole();
}

TEST_F(refusal, a_log_that_is_gone_can_be_put_back) {
  const auto was = log();
  std::filesystem::rename(was, kept_.path() / "log");
  expect_refused_untouched(errc::damaged);
  std::filesystem::rename(kept_.path() / "log", was);
  expect_whole();
}

TEST_F(refusal, a_marker_that_is_gone_can_be_put_back) {
  std::filesystem::rename(folder_.path() / "marker", kept_.path() / "marker");
  expect_refused_untouched(errc::damaged);
  std::filesystem::rename(kept_.path() / "marker", folder_.path() / "marker");
  expect_whole();
}

TEST_F(refusal, what_the_last_process_did_not_finish_stays) {
  add_torn_write();
  std::ofstream(folder_.path() / "db/old-log-1") << "of a deleted log";
  std::ofstream(folder_.path() / "db/next-log-2") << std::string(4096, '\0');
  auto ahead = rocks::read_marker(folder_.path().string()).value().value();
  ++ahead.last;
  const auto is = rocks::read_marker(folder_.path().string()).value().value();
  ASSERT_TRUE(rocks::write_marker(folder_.path().string(), ahead));
  expect_refused_untouched(errc::damaged);
  ASSERT_TRUE(rocks::write_marker(folder_.path().string(), is));
  expect_whole();
}

TEST_F(refusal, a_later_format_stays_for_the_later_program) {
  with_raw_store(folder_.path(), put_later_format);
  expect_refused_untouched(errc::incompatible);
}

TEST_F(refusal, an_unreadable_destination_stays) {
  with_raw_store(folder_.path(), [](rocks::store& data) {
    ASSERT_TRUE(flip_bit(data, rocks::family::meta, rocks::unit_entry(1, 0), 4));
  });
  expect_refused_untouched(errc::damaged);
}

TEST_F(refusal, a_table_that_is_gone_can_be_put_back) {
  const auto table = table_of(folder_.path(), "log");
  ASSERT_FALSE(table.empty());
  std::filesystem::rename(table, kept_.path() / "table");
  expect_refused_untouched(errc::damaged);
  std::filesystem::rename(kept_.path() / "table", table);
  expect_whole();
}

/// Nothing can have been stored in it.
TEST(refused_opening, a_store_whose_making_was_interrupted_is_made_to_its_end) {
  const temporary_folder folder;
  auto how = rocks::database_options(nullptr, nullptr);
  how.create_if_missing = true;
  rocksdb::DB* made = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  ASSERT_TRUE(
      rocksdb::DB::Open(how, (folder.path() / "db").string(), {{"default", {}}}, &handles, &made).ok());
  for (auto* each : handles)
    ASSERT_TRUE(made->DestroyColumnFamilyHandle(each).ok());
  delete made;
  client queue([&] { return queue::open(settings_in(folder.path()), base::system_clock()); });
  EXPECT_EQ(queue.put("1", {}), 1u);
}

}  // namespace
}  // namespace cartrelay::queue::testing
