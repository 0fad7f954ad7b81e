#pragma once

#include "base/task.hpp"
#include "base/timer.hpp"

#include <chrono>
#include <set>

namespace cartrelay::sandbox {

/// Coroutines that wait for a time, or until somebody wakes them all. One thread; outlives its waiters.
class wait_list {
 public:
  explicit wait_list(base::executor where) : where_(std::move(where)) {}

  /// Ends when `limit` has passed, at wake(), or at once after close().
  [[nodiscard]] base::task<> wait(std::chrono::milliseconds limit);
  void wake();
  void close();
  [[nodiscard]] bool closed() const noexcept { return closed_; }

 private:
  base::executor where_;
  std::set<base::timer*> waiting_;
  bool closed_ = false;
};

}  // namespace cartrelay::sandbox
