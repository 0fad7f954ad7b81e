#include "queue/rocksdb/engine.hpp"
#include "tests/contract/queue/support.hpp"
#include "tests/unit/queue/watched_disk.hpp"

#include <thread>

namespace cartrelay::queue::testing {
namespace {

TEST(wake_up, is_told_in_its_time_while_long_work_goes_on) {
  watched_queue watched;
  auto& queue = watched.queue;
  const auto a = queue.add("a");
  const auto held = queue.acquire(a).held;
  constexpr sequence letters = 8;
  constexpr std::size_t slice = 1'000;  // of a job, in one commit
  dead_letter_selection
      all;  // one letter, and many that there are not: each slice is a commit, and a short one
  std::vector<end> ends;
  for (sequence i = 1; i <= letters; ++i) {
    ends.push_back(ended(queue.put(std::to_string(i), {a}), end_state::dead_letter));
    all.keys.insert(all.keys.end(), slice, dead_letter_key{a, letters + 1});
    all.keys.back().number = i;
  }
  ASSERT_TRUE(queue.commit(held, up_to(letters, std::move(ends))));

  int stored = 0, syncs = 0;
  sequence told = 0;  // the newest event when the last wake-up came
  queue.raw().on_append(queue.mailbox(), [&] { told = queue.raw().stats().next - 1; });
  const auto put = [&](const std::string& id) {
    queue.raw().append({plain_event(id, {a})},
                       reply<std::vector<append_outcome>>(queue.mailbox(), [&](const auto&) { ++stored; }));
  };
  watched.disk->synced = [&] {
    switch (++syncs) {
      case 2:  // its commit will be the third
        return put("first");
      case 3:  // the fourth, so soon behind the third that its wake-up is owed
        return put("second");
      case 5:  // a disk that takes its time
        return std::this_thread::sleep_for(std::chrono::milliseconds(3));
      default:
        return;
    }
  };
  EXPECT_EQ(queue.requeue(all).size(), letters);
  EXPECT_GE(syncs, 8) << "commits";
  EXPECT_EQ(stored, 2);
  EXPECT_EQ(told, letters + 2) << "before the replay was answered";
  queue.close();  // it still writes its totals, under the eyes of `synced`
}

}  // namespace
}  // namespace cartrelay::queue::testing
