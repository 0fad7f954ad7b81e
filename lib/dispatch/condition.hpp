#pragma once

#include "base/task.hpp"
#include "base/time.hpp"
#include "base/timer.hpp"

namespace cartrelay::dispatch {

/// What coroutines of one I/O thread wait on for each other. A notification that nobody waited for is
/// remembered for the next to wait with until(); those in any() wait for one that comes later.
class condition {
 public:
  explicit condition(base::executor where) : timer_(where, base::steady_time::max()) {}

  void notify();
  /// For the one coroutine that owns this condition: ends at the notification, or at `at`.
  [[nodiscard]] base::task<> until(base::steady_time at);
  /// For any number of coroutines: ends at the next notification.
  [[nodiscard]] base::task<> any();

 private:
  base::timer timer_;
  bool notified_ = false;
};

}  // namespace cartrelay::dispatch
