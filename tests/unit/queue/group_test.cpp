#include "queue/rocksdb/engine.hpp"
#include "tests/contract/queue/support.hpp"
#include "tests/unit/queue/watched_disk.hpp"

namespace cartrelay::queue::testing {
namespace {

TEST(group, of_a_trim_and_an_event_keeps_the_event) {
  const temporary_folder folder;
  const auto disk = std::make_shared<watched_disk>();
  const auto env = rocksdb::NewCompositeEnv(disk);
  client queue([&] {
    return rocks::open(settings_in(folder.path()), base::system_clock(), {env.get(), {}});
  });
  queue.put("old", {});
  const auto now = start() + std::chrono::hours(24 * 30);
  std::optional<base::result<std::uint64_t>> trimmed;
  bool waits = true;
  disk->synced = [&] {  // what is asked for meanwhile goes in one group
    if (!std::exchange(waits, false)) return;
    auto event = plain_event("new", {});
    event.received_at = now;
    queue.raw().append({std::move(event)}, {queue.mailbox(), [](const auto& done) { EXPECT_TRUE(done); }});
    queue.raw().trim(now, {queue.mailbox(), [&](auto done) { trimmed.emplace(std::move(done)); }});
  };
  queue.add("somebody");
  queue.run_until([&] { return trimmed.has_value(); });
  EXPECT_EQ(**trimmed, 1u);
  EXPECT_FALSE(queue.receipt_of("shop", "old"));
  EXPECT_TRUE(queue.receipt_of("shop", "new"));
  EXPECT_EQ(queue.raw().stats().events, 1u);
  queue.close();  // it still writes its totals, under the eyes of `synced`
}

}  // namespace
}  // namespace cartrelay::queue::testing
