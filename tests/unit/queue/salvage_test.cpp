#include "queue/open.hpp"
#include "queue/rocksdb/marker.hpp"
#include "tests/contract/queue/support.hpp"
#include "tests/unit/queue/raw_store.hpp"

#include <fstream>

namespace cartrelay::queue::testing {
namespace {

/// Damaged stores: refused, and opened with what is left when the loss is accepted.
class salvage : public ::testing::Test {
 protected:
  base::result<std::unique_ptr<engine>> open(bool accept = false) {
    auto settings = settings_in(folder_.path());
    settings.accept_data_loss = accept;
    return queue::open(settings, base::system_clock());
  }
  void fill(int count) {
    client queue([this] { return open(); });
    const auto a = queue.add("a");
    for (int i = 1; i <= count; ++i)
      queue.put(std::to_string(i), {a});
    ASSERT_TRUE(queue.commit(queue.acquire(a).held, up_to(2, {ended(1), ended(2)})));
  }
  [[nodiscard]] std::size_t set_aside() const {
    std::size_t files = 0;
    for (const auto& each : std::filesystem::recursive_directory_iterator(folder_.path())) {
      const bool kept = each.path().filename().string().starts_with("set-aside-");
      EXPECT_TRUE(!kept || each.status().permissions() == std::filesystem::perms::owner_all);
      if (each.is_regular_file() && each.path().string().find("/set-aside-") != std::string::npos) ++files;
    }
    return files;
  }
  void expect_damaged() {
    const auto strict = open();
    ASSERT_FALSE(strict);
    EXPECT_EQ(strict.error().code, errc::damaged) << strict.error().message();
    EXPECT_EQ(set_aside(), 0u);
  }

  temporary_folder folder_;
};

TEST_F(salvage, a_flipped_bit_in_the_log_is_not_passed_over_in_silence) {
  fill(30);
  const auto logs = files_of(folder_.path(), ".log");
  const auto largest = *std::max_element(
      logs.begin(), logs.end(), [](const auto& a, const auto& b) { return file_size(a) < file_size(b); });
  flip_byte(largest, file_size(largest) / 2);
  expect_damaged();

  client queue([this] { return open(true); });
  const auto stats = queue.raw().stats();
  EXPECT_GT(set_aside(), 0u);
  EXPECT_GT(stats.lost_accepted, 0u);
  EXPECT_LT(stats.lost_accepted, 30u);
  const auto kept = queue.read(0)->records.size();
  EXPECT_EQ(kept + stats.lost_accepted, 30u);
  EXPECT_EQ(stats.next, 31u) << "the numbers of the lost are not given again";
  const auto at = queue.stats_of(queue.add("a"));
  EXPECT_EQ(at.counts.backlog() + at.counts.delivered, kept) << "the ledger balances";
  EXPECT_EQ(queue.put("new", {at.id}), 31u);
  queue.close();

  const auto again = open();
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ((*again)->stats().lost_accepted, stats.lost_accepted) << "it stays in the status";
  (*again)->close();
  expect_balanced(folder_.path());
}

TEST_F(salvage, a_damaged_block_of_ends_puts_no_others_in_doubt) {
  constexpr sequence count = 2'000, most_in_a_block = 400;
  {
    client queue([this] { return open(); });
    const auto a = queue.add("a");
    std::vector<new_event> events;
    for (sequence number = 1; number <= count; ++number)
      events.push_back(plain_event(std::to_string(number), {a}));
    ASSERT_TRUE(queue.append(std::move(events)));
    ASSERT_TRUE(queue.commit(queue.acquire(a).held, delivered_up_to(count)));
  }
  const auto table = table_of(folder_.path(), "ends");
  flip_byte(table, file_size(table) / 2);
  client queue([this] { return open(true); });
  const auto counts = queue.stats_of(queue.add("a")).counts;
  EXPECT_GT(counts.backlog(), 0u);
  EXPECT_LT(counts.backlog(), most_in_a_block);
  EXPECT_EQ(counts.delivered + counts.backlog(), count);
  EXPECT_EQ(counts.routed, count);
}

TEST_F(salvage, a_missing_log_loses_what_was_in_it) {
  fill(5);
  for (const auto& each : files_of(folder_.path(), ".log"))
    std::filesystem::remove(each);
  expect_damaged();
  client queue([this] { return open(true); });
  EXPECT_EQ(queue.raw().stats().lost_accepted, 5u);
  EXPECT_EQ(queue.put("new", {}), 6u);
}

TEST_F(salvage, a_database_that_is_gone_begins_after_its_marker) {
  fill(5);
  std::filesystem::remove_all(folder_.path() / "db");
  expect_damaged();
  client queue([this] { return open(true); });
  EXPECT_EQ(queue.raw().stats().lost_accepted, 5u);
  EXPECT_EQ(queue.put("new", {}), 6u);
  EXPECT_EQ(numbers(queue.read(0)->records), (std::vector<sequence>{6}));
}

TEST_F(salvage, of_the_prepared_logs_only_what_holds_something_is_kept) {
  fill(5);
  const auto database = folder_.path() / "db";
  std::ofstream(database / "next-log-1") << std::string(1 << 20, '\0');
  std::ofstream(database / "old-log-2") << "of a deleted log";
  const temporary_folder keeper;  // tells a link from a copy
  std::filesystem::create_hard_link(database / "old-log-2", keeper.path() / "same");
  std::filesystem::remove(database / "CURRENT");
  expect_damaged();
  client queue([this] { return open(true); });
  EXPECT_EQ(queue.read(0)->records.size(), 5u);
  bool kept = false;
  for (const auto& each : std::filesystem::recursive_directory_iterator(folder_.path())) {
    EXPECT_NE(each.path().filename(), "next-log-1") << each.path();
    kept = kept || (each.path().filename() == "old-log-2" &&
                    std::filesystem::equivalent(each.path(), keeper.path() / "same"));
  }
  EXPECT_TRUE(kept) << "and takes no room";
}

TEST_F(salvage, a_flipped_manifest_is_repaired_from_the_tables) {
  fill(5);
  with_raw_store(folder_.path(), [](rocks::store& data) {
    for (std::size_t i = 0; i < rocks::family_names.size(); ++i)
      ASSERT_TRUE(data.db().Flush({}, data[static_cast<rocks::family>(i)]).ok());
  });
  for (const auto& each : std::filesystem::directory_iterator(folder_.path() / "db"))
    if (each.path().filename().string().starts_with("MANIFEST")) flip_byte(each.path(), 20);
  expect_damaged();
  client queue([this] { return open(true); });
  EXPECT_EQ(queue.read(0)->records.size(), 5u);
  EXPECT_EQ(queue.raw().stats().lost_accepted, 0u);
  EXPECT_EQ(queue.append({plain_event("5", {})})->front().status, append_status::duplicate);
}

TEST_F(salvage, accepting_a_loss_changes_nothing_in_a_sound_store) {
  fill(5);
  client queue([this] { return open(true); });
  EXPECT_EQ(queue.raw().stats().lost_accepted, 0u);
  EXPECT_EQ(queue.read(0)->records.size(), 5u);
  EXPECT_EQ(set_aside(), 0u);
}

}  // namespace
}  // namespace cartrelay::queue::testing
