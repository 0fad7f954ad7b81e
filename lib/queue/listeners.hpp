#pragma once

#include "base/error.hpp"
#include "base/mailbox.hpp"
#include "base/unique_function.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace cartrelay::queue {

/// Who wants to hear of an engine's appends and of its failure. Any thread.
class listeners {
 public:
  void add_wake(base::mailbox where, base::unique_function<void()> wake);
  /// Told at once if it has happened already.
  void add_failure(base::mailbox where, base::unique_function<void(base::error)> failed);

  /// While an earlier wake waits for its thread, it tells of this one too.
  void appended();
  /// For one of many commits in a row: wakes at most every two milliseconds, since each wake-up costs both
  /// threads more than an event does. What is not told stays owed, until a later call of these three.
  void appended_in_a_row(std::chrono::steady_clock::time_point now);
  /// After a commit that appended nothing, while more are to come: what is owed is told in its time.
  void pay_when_due(std::chrono::steady_clock::time_point now);
  void pay();
  /// The first call counts.
  void failed(const base::error& why);

 private:
  struct sleeper {
    sleeper(base::mailbox box, base::unique_function<void()> call)
        : where(std::move(box)), wake(std::move(call)) {}

    base::mailbox where;
    base::unique_function<void()> wake;
    std::atomic<bool> told{false};
  };
  struct watcher {
    base::mailbox where;
    base::unique_function<void(base::error)> failed;
  };
  static void tell(watcher& who, const base::error& why);

  void wake_now_and_then(std::chrono::steady_clock::time_point now);
  void wake_all();

  std::mutex mutex_;
  std::chrono::steady_clock::time_point woken_;
  bool owed_ = false;
  std::vector<std::shared_ptr<sleeper>> sleepers_;
  std::vector<watcher> watchers_;
  std::optional<base::error> failure_;
};

}  // namespace cartrelay::queue
