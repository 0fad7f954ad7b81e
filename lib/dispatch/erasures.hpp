#pragma once

#include "base/task.hpp"
#include "base/task_group.hpp"
#include "dispatch/condition.hpp"
#include "dispatch/destination_loop.hpp"
#include "dispatch/erasure_report.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace cartrelay::dispatch {

/// Forgets customers. The events of one are withdrawn from every destination's loop, which ends them; what is
/// in flight is waited for; then the queue empties them; in the end it rewrites its files. A crash or a stop
/// at any moment leaves an open erasure in the queue, and resume() goes on with it.
///
/// Thread rules: everything on the delivery thread. stop() and join() end before it is destroyed; the queue
/// may still be rewriting files then.
class erasures {
 public:
  using visitor = std::function<void(destination_loop&)>;

  /// `all`: calls the visitor with every loop there is, also those that have not begun or are leaving.
  erasures(const surroundings& around, std::function<void(const visitor&)> all);

  /// Ends when the files are rewritten. errc::stopping: begun, and to be resumed; queue::errc::corrupt:
  /// something of the queue cannot be read, and the next start tries again.
  [[nodiscard]] base::task<base::result<erasure_report>> erase(queue::customer_key who);
  /// Goes on, by itself, with what an earlier process left open.
  [[nodiscard]] base::task<> resume();
  /// The loop is new, or was told of a replay: what it got by that of the events that are being emptied is
  /// withdrawn before any of them is sent.
  void withdraw_late(destination_loop& from);
  /// No further step begins, and nobody is kept waiting.
  void stop();
  [[nodiscard]] base::task<> join() { return group_.join(); }

 private:
  struct run;

  std::shared_ptr<run> add(queue::erasure_start begun);
  base::task<> carry_out(std::shared_ptr<run> mine);
  base::task<base::result<void>> in_its_turn(std::shared_ptr<run> mine);
  base::task<base::result<void>> empty_events(std::shared_ptr<run> mine);
  base::task<bool> withdrawn(std::shared_ptr<run> mine);
  static base::task<> clean(queue::engine* log, base::mailbox box, std::shared_ptr<run> mine);
  [[nodiscard]] bool all_are_rid_of(const std::vector<queue::record>& events) const;
  [[nodiscard]] std::vector<queue::memory_entry> memory_of(const std::vector<queue::record>& events) const;
  [[nodiscard]] std::vector<queue::memory_entry> memory_of(const queue::customer_key& who) const;
  base::task<> pause(std::shared_ptr<run> mine, std::chrono::milliseconds span);

  const surroundings& around_;
  std::function<void(const visitor&)> all_;
  std::vector<std::shared_ptr<run>> runs_;
  condition free_;                 // one erasure at a time empties events
  std::shared_ptr<run> emptying_;  // that one
  bool stopping_ = false;
  base::task_group group_;
};

}  // namespace cartrelay::dispatch
