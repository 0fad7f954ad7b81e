#include "queue/rocksdb/engine.hpp"
#include "tests/contract/queue/support.hpp"
#include "tests/unit/queue/failing_disk.hpp"
#include "tests/unit/queue/raw_store.hpp"

namespace cartrelay::queue::testing {
namespace {

/// A write-ahead log of several blocks, in the middle of which one is bad.
class broken_log : public ::testing::Test {
 protected:
  static constexpr sequence count = 60;
  static constexpr std::size_t size = 4000, block = 32 << 10, bad_from = 3 * block + 1000,
                               most_in_two_blocks = 2 * block / size;

  base::result<std::unique_ptr<engine>> open(bool accept = false) {
    auto settings = settings_in(folder_.path());
    settings.accept_data_loss = accept;
    return rocks::open(settings, base::system_clock(), {env_.get(), {}});
  }
  void SetUp() override {
    {
      client queue([this] { return open(); });
      const auto a = queue.add("a");
      const auto held = queue.acquire(a).held;
      for (sequence i = 1; i <= count; ++i) {
        queue.append({plain_event(std::to_string(i), {a}, noise(i, size))});
        ASSERT_TRUE(queue.commit(held, up_to(i, {ended(i)})));
      }
    }
    const auto logs = files_of(folder_.path(), ".log");
    ASSERT_EQ(logs.size(), 1u);
    log_ = logs.front();
  }
  void make_unreadable() {
    disk_->bad_log = log_;
    disk_->bad = {bad_from, bad_from + 512};
  }
  void expect_to_lose_one_block() {
    client queue([this] { return open(true); });
    const auto stats = queue.raw().stats();
    EXPECT_GT(stats.lost_accepted, 0u);
    EXPECT_LE(stats.lost_accepted, most_in_two_blocks);
    EXPECT_EQ(queue.read(0)->records.size() + stats.lost_accepted, count);
    const auto at = queue.stats_of(1);
    EXPECT_GE(at.counts.delivered + 2 * most_in_two_blocks, count) << "behind the damage, too";
    EXPECT_EQ(at.waiting, at.counts.backlog()) << "what is in doubt is not sent again";
    queue.close();
    EXPECT_TRUE(open()) << "nothing is to be accepted any more";
    expect_balanced(folder_.path());
  }

  const temporary_folder folder_;
  const std::shared_ptr<failing_disk> disk_ = std::make_shared<failing_disk>();
  const std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(disk_);
  std::filesystem::path log_;
};

TEST_F(broken_log, an_unreadable_sector_is_no_damage) {
  make_unreadable();
  const auto refused = open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::read_only) << refused.error().message();
  disk_->bad_log.clear();
  client queue([this] { return open(); });
  EXPECT_EQ(queue.read(0)->records.size(), count);
}

TEST_F(broken_log, an_unreadable_sector_costs_its_block_once_loss_is_accepted) {
  make_unreadable();
  expect_to_lose_one_block();
}

TEST_F(broken_log, a_flipped_bit_costs_its_block_once_loss_is_accepted) {
  flip_byte(log_, bad_from);
  const auto refused = open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::damaged) << refused.error().message();
  expect_to_lose_one_block();
}

}  // namespace
}  // namespace cartrelay::queue::testing
