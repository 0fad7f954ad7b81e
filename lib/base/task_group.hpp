#pragma once

#include "base/task.hpp"
#include "base/timer.hpp"

namespace cartrelay::base {

/// Owns the coroutines that were spawned in it: join() ends only when all of them ended, so what they refer
/// to may be destroyed after it. An exception that leaves a member is a broken invariant: it is logged and
/// the process ends. Thread rules: everything on the group's one I/O thread. Outlives its members (join
/// before destruction).
class task_group {
 public:
  explicit task_group(executor where);

  void spawn(task<> member);
  [[nodiscard]] std::size_t size() const noexcept { return running_; }
  /// Ends when no member runs. Several may wait.
  [[nodiscard]] task<> join();

 private:
  executor where_;
  timer empty_;
  std::size_t running_ = 0;
};

}  // namespace cartrelay::base
