#include "queue/rocksdb/log_tail.hpp"

#include "queue/rocksdb/engine.hpp"
#include "queue/rocksdb/log_chain.hpp"
#include "tests/contract/queue/support.hpp"
#include "tests/unit/queue/raw_store.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace cartrelay::queue::testing {
namespace {

namespace fs = std::filesystem;
using rocks::inspect_log;
using state = rocks::log_tail::state;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::size_t prepared = 1 << 20, header = 7, sector = 512, page = 4096;
constexpr int events_before = 20;

std::string bytes_of(const fs::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

/// What is on the disk when a process is killed: some events of which the shop was told, and a write of which
/// nobody was told.
class log_tail : public ::testing::Test {
 protected:
  static base::result<std::unique_ptr<engine>> open(const fs::path& folder) {
    return rocks::open(settings_in(folder), base::system_clock());
  }

  void SetUp() override {
    client queue([this] { return open(folder_.path()); });
    for (int i = 1; i <= events_before; ++i)
      queue.append({plain_event(std::to_string(i), {}, noise(static_cast<std::uint64_t>(i), 3'000))}).value();
    fs::copy(folder_.path() / "marker", killed_.path() / "marker");
    begin_ = inspect_log(log()).records_end;
    queue.append({plain_event("newest", {}, noise(99, 90'000))}).value();  // in four fragments
    fs::copy(folder_.path() / "db", killed_.path() / "db");
    log_ = log();
    end_ = log_.size();
    log_.resize(end_ + prepared);
  }
  [[nodiscard]] std::string log() const { return bytes_of(files_of(folder_.path(), ".log").back()); }
  void clear(std::size_t from, std::size_t to) {
    std::fill(log_.begin() + static_cast<std::ptrdiff_t>(from),
              log_.begin() + static_cast<std::ptrdiff_t>(to), '\0');
  }
  void flip(std::size_t at) { log_[at] = static_cast<char>(log_[at] ^ 1); }
  /// Starts on the log as the test has left it.
  base::result<std::unique_ptr<engine>> start_again() {
    std::ofstream(files_of(killed_.path(), ".log").back(), std::ios::binary) << log_;
    return open(killed_.path());
  }
  void expect_events(int count) {
    client queue([this] { return start_again(); });
    EXPECT_EQ(queue.read(0).value().records.size(), static_cast<std::size_t>(count));
  }
  void expect_refused(const std::string& words) {
    const auto opened = start_again();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, errc::damaged);
    EXPECT_THAT(opened.error().message(), HasSubstr(words));
  }

  temporary_folder folder_, killed_;
  std::string log_;            // of the killed process, on prepared zeros
  std::size_t begin_, end_{};  // of the newest write
};

TEST_F(log_tail, zeros_behind_the_records_are_none) {
  EXPECT_EQ(inspect_log(log_).what, state::whole);
  EXPECT_EQ(inspect_log(log_).records_end, end_);
  expect_events(events_before + 1);
}

TEST_F(log_tail, a_log_without_zeros_is_left_alone) {
  log_.resize(end_);
  EXPECT_EQ(inspect_log(log_).what, state::whole);
  log_.resize(end_ - 100);
  EXPECT_NE(inspect_log(log_).what, state::torn) << "RocksDB knows such ends";
  EXPECT_EQ(inspect_log(std::string()).what, state::whole);
  EXPECT_EQ(inspect_log(std::string(prepared, '\0')).what, state::whole);
}

TEST_F(log_tail, a_write_that_ends_at_any_page_is_cut_off) {
  for (auto at = end_ / page * page; at > begin_; at -= page) {
    clear(at, end_);
    const auto found = inspect_log(log_);
    EXPECT_EQ(found.what, state::torn) << at - begin_;
    EXPECT_EQ(found.records_end, begin_) << at - begin_;
  }
  expect_events(events_before);
}

TEST_F(log_tail, a_write_of_which_any_sector_is_missing_is_cut_off) {
  const auto written = log_;
  for (auto at = begin_ / sector * sector; at < end_; at += sector) {
    log_ = written;
    clear(std::max(at, begin_), std::min(at + sector, end_));
    const auto found = inspect_log(log_);
    EXPECT_EQ(found.what, state::torn) << at - begin_;
    EXPECT_EQ(found.records_end, begin_) << at - begin_;
  }
  expect_events(events_before);
}

TEST_F(log_tail, a_flipped_bit_is_not_a_torn_write) {
  for (const auto at : {begin_ + 3, begin_ + 100, end_ - 10'000, end_ - 1}) {
    flip(at);
    EXPECT_EQ(inspect_log(log_).what, state::damaged) << at - begin_;
    expect_refused("damaged");
    flip(at);
  }
  expect_events(events_before + 1);
}

TEST_F(log_tail, nothing_is_cut_behind_a_flipped_bit) {
  const auto written = log_;
  for (const auto at : {std::size_t{4}, std::size_t{5}, std::size_t{6}, begin_ / 2, begin_ - 1}) {
    log_ = written;
    flip(at);
    clear(end_ / page * page, end_);
    EXPECT_NE(inspect_log(log_).what, state::torn) << at;
    expect_refused("damaged");
  }
}

TEST_F(log_tail, zeros_before_whole_records_are_damage) {
  std::size_t first_block = 32 << 10;
  ASSERT_LT(first_block, begin_);
  for (std::size_t at = 0; at < first_block; at += sector) {
    clear(at, at + sector);
    EXPECT_NE(inspect_log(log_).what, state::torn) << at;
  }
  EXPECT_EQ(inspect_log(log_).what, state::holed);
  expect_refused("zeros stand where records were");
}

TEST_F(log_tail, a_bit_in_the_zeros_costs_nothing) {
  flip(end_ + prepared / 2);
  expect_events(events_before + 1);
}

TEST_F(log_tail, a_write_that_ends_within_its_header_is_cut_off) {
  temporary_folder cut;
  std::size_t size = 0;
  std::size_t stored = 0;
  {
    client queue([this] { return open(folder_.path()); });
    do {  // until the next header lies across two sectors
      ++stored;
      queue.append({plain_event(std::to_string(1'000 + stored), {}, std::string(stored % 97 + 1, 'x'))})
          .value();
      size = log().size();
    } while (size % sector + header <= sector || size % sector == 0);
    for (const auto* each : {"db", "marker"})
      fs::copy(folder_.path() / each, cut.path() / each);  // all of it was told to the shop
  }
  auto left = bytes_of(files_of(cut.path(), ".log").back());
  left += std::string(sector - size % sector, '\x11') + std::string(prepared, '\0');
  std::ofstream(files_of(cut.path(), ".log").back(), std::ios::binary) << left;
  client queue([&] { return open(cut.path()); });
  EXPECT_EQ(queue.raw().stats().events, events_before + 1 + stored);
}

/// Stores large events until `enough` says so; how many there are then.
std::uint64_t store_until(client& queue, std::uint64_t from, const std::function<bool()>& enough) {
  for (auto i = from + 1; i < from + 1'000; ++i) {
    queue.append({plain_event(std::to_string(i), {}, noise(i, 200'000))}).value();
    if (enough()) return i;
  }
  ADD_FAILURE() << "it never was enough";
  return from;
}

/// The newest log lies on zeros.
bool is_prepared(const fs::path& folder) {
  const auto log = bytes_of(files_of(folder, ".log").back());
  return inspect_log(log).records_end + prepared <= log.size();
}

/// Not a test: what the next one runs as its child. Ends as a killed process does.
TEST(prepared_logs_child, DISABLED_stores_until_a_log_was_prepared) {
  const char* const folder = std::getenv("CARTRELAY_PREPARED_LOGS");
  ASSERT_NE(folder, nullptr) << "only prepared_logs starts this";
  client queue([folder] { return rocks::open(settings_in(folder), base::system_clock()); });
  const auto stored = store_until(queue, 0, [folder] { return is_prepared(folder); });
  std::ofstream(fs::path(folder) / "stored") << stored << std::flush;
  ::raise(SIGKILL);
}

TEST(prepared_logs, are_taken_into_use_under_load) {
  const temporary_folder folder;
  ::setenv("CARTRELAY_PREPARED_LOGS", folder.path().c_str(), 1);
  const auto child = ::fork();
  if (child == 0) {
    ::execl("/proc/self/exe", "prepared_logs_child", "--gtest_filter=prepared_logs_child.*",
            "--gtest_also_run_disabled_tests", "--gtest_brief=1", nullptr);
    ::_exit(5);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status)) << "no log was prepared: " << WEXITSTATUS(status);
  sequence stored = 0;
  std::ifstream(folder.path() / "stored") >> stored;
  {
    client queue([&] { return rocks::open(settings_in(folder.path()), base::system_clock()); });
    EXPECT_EQ(queue.put("next", {}), stored + 1);
  }
  for (const auto& left : fs::directory_iterator(folder.path() / "db"))
    EXPECT_THAT(left.path().filename().string(), Not(HasSubstr("-log"))) << "a closed queue needs none";
}

TEST(prepared_logs, one_that_somebody_keeps_is_not_written_over) {
  const temporary_folder folder, keeper;
  std::vector<fs::path> gone;
  const auto some_are_gone = [&] {
    for (const auto& log : files_of(folder.path(), ".log"))
      if (std::error_code vanished; !fs::exists(keeper.path() / log.filename()))
        fs::create_hard_link(log, keeper.path() / log.filename(), vanished);
    gone.clear();
    for (const auto& kept : fs::directory_iterator(keeper.path()))
      if (!fs::exists(folder.path() / "db" / kept.path().filename())) gone.push_back(kept.path());
    return gone.size() > 4;
  };
  {
    client queue([&] { return rocks::open(settings_in(folder.path()), base::system_clock()); });
    store_until(queue, 0, some_are_gone);
    for (const auto& kept : gone)
      EXPECT_EQ(fs::hard_link_count(kept), 1u) << kept << " is used again";
  }
  for (const auto& kept : gone)
    EXPECT_GT(inspect_log(bytes_of(kept)).records_end, prepared) << kept;
}

TEST(log_tail_of_a_folder, fails_where_its_logs_are_not_listed) {
  const temporary_folder folder;
  const auto file = folder.path() / "file";
  std::ofstream(file).close();
  auto& disk = *rocksdb::Env::Default();
  std::optional<rocks::torn_write> torn;
  EXPECT_TRUE(rocks::find_torn_write(disk, file, torn).IsIOError());
  EXPECT_TRUE(rocks::check_log_chain(disk, file, 0, torn).IsIOError());
}

}  // namespace
}  // namespace cartrelay::queue::testing
