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
  static constexpr std::size_t size = 4000, block = 32 << 10, bad_from = 3 * block + 1000;

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

}  // namespace
}  // namespace cartrelay::queue::testing
