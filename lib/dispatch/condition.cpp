#include "dispatch/condition.hpp"

namespace cartrelay::dispatch {

void condition::notify() {
  notified_ = true;
  timer_.cancel();
}

base::task<> condition::until(base::steady_time at) {
  if (!notified_) {
    timer_.expires_at(at);
    co_await timer_.async_wait(base::as_result);
  }
  notified_ = false;
}

base::task<> condition::any() {
  co_await timer_.async_wait(base::as_result);
}

}  // namespace cartrelay::dispatch
