#include "queue/rocksdb/engine.hpp"
#include "tests/contract/queue/support.hpp"
#include "tests/unit/queue/watched_disk.hpp"

#include <future>

namespace cartrelay::queue::testing {
namespace {

TEST(group, of_a_trim_and_an_event_keeps_the_event) {
  watched_queue watched;
  auto& queue = watched.queue;
  queue.put("old", {});
  const auto now = start() + std::chrono::hours(24 * 30);
  std::optional<base::result<std::uint64_t>> trimmed;
  bool waits = true;
  watched.disk->synced = [&] {  // what is asked for meanwhile goes in one group
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

/// An erasure lets one group pass and goes first in the next, where what was asked meanwhile comes behind it.
class group_of_an_erasure : public ::testing::Test {
 protected:
  using settle = void (engine::*)(dead_letter_selection, base::timestamp,
                                  reply<std::vector<dead_letter_key>>);

  void expect_one_end(settle how) {
    watched_queue watched;
    auto& queue = watched.queue;
    const auto a = queue.add("a");
    ASSERT_TRUE(queue.append({order_event("e1", "o1", "x@example.com", {a})}));
    ASSERT_TRUE(queue.commit(queue.acquire(a).held, up_to(1, {ended(1, end_state::dead_letter)})));
    const auto which = queue.begin_erasure({customer_key::kind::email, "x@example.com"});
    // The rows that the erasure shares are looked for in a few turns of the reader; then it is queued.
    const auto let_read = [&queue] {
      for (int turn = 0; turn < 20; ++turn) {
        std::promise<void> answered;
        queue.raw().fetch(0, {1}, 1, {queue.mailbox(), [&](const auto&) { answered.set_value(); }});
        answered.get_future().wait();
      }
    };
    std::optional<base::result<erasure_counts>> erased;
    std::optional<base::result<std::vector<dead_letter_key>>> settled;
    int syncs = 0;
    watched.disk->synced = [&] {
      if (++syncs == 1) {
        queue.raw().erase(which, {1}, {}, start(),
                          {queue.mailbox(), [&](auto done) { erased.emplace(std::move(done)); }});
        // So that the group in which it waits has something to sync.
        queue.raw().append({plain_event("B", {})}, {queue.mailbox(), [](const auto&) {}});
        let_read();
      } else if (syncs == 2) {
        dead_letter_selection one;
        one.keys = {{a, 1}};
        (queue.raw().*how)(one, start(),
                           {queue.mailbox(), [&](auto done) { settled.emplace(std::move(done)); }});
      }
    };
    queue.put("A", {});
    queue.run_until([&] { return erased && settled; });
    EXPECT_EQ((*erased)->dead_letters, 1u);
    EXPECT_TRUE((*settled)->empty()) << "it was a dead letter no more";
    for (int restarts = 0; restarts < 2; ++restarts) {
      const auto at = queue.stats_of(a);
      EXPECT_EQ(at.counts.dead_letters, 0u);
      EXPECT_EQ(at.counts.discarded, 1u);
      EXPECT_EQ(at.waiting, 0u);
      watched.disk->synced = [] {};
      queue.reopen();
    }
    queue.close();
  }
};

TEST_F(group_of_an_erasure, and_a_replay_ends_a_dead_letter_once) {
  expect_one_end(&engine::requeue);
}

TEST_F(group_of_an_erasure, and_a_discard_ends_a_dead_letter_once) {
  expect_one_end(&engine::discard);
}

}  // namespace
}  // namespace cartrelay::queue::testing
