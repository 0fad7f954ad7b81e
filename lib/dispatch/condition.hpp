#pragma once

#include "base/task.hpp"
#include "base/time.hpp"
#include "base/timer.hpp"

namespace cartrelay::dispatch {

/// What coroutines of one I/O thread wait on for each other. A condition is waited on in one of the two ways
/// and not in both: by the one coroutine that owns it with until(), where a notification that came too early
/// is not lost; or by any number of them with any(), for the next notification.
class condition {
 public:
  explicit condition(base::executor where) : timer_(where, base::steady_time::max()) {}

  void notify();
  /// Ends at the notification, or at `at`.
  [[nodiscard]] base::task<> until(base::steady_time at);
  [[nodiscard]] base::task<> any();

 private:
  base::timer timer_;
  bool notified_ = false;
};

}  // namespace cartrelay::dispatch
