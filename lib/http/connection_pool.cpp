#include "http/connection_pool.hpp"

#include <algorithm>

namespace cartrelay::http {

bool connection_pool::acquire_now() noexcept {
  if (stopped_ || in_use_ >= max_in_use_) return false;
  ++in_use_;
  return true;
}

base::task<bool> connection_pool::acquire() {
  if (acquire_now()) co_return true;
  waiter me(where_);
  waiting_.push_back(me);
  while (!me.granted && !stopped_)
    co_await me.wake.async_wait(base::as_result);
  co_return me.granted;
}

/// The place goes to the first in line without becoming free in between: nobody overtakes.
void connection_pool::release() noexcept {
  if (waiting_.empty()) {
    --in_use_;
    return;
  }
  auto& first = waiting_.front();
  waiting_.pop_front();
  first.granted = true;
  first.wake.cancel();
}

std::unique_ptr<connection> connection_pool::take_idle(std::chrono::milliseconds at_most) {
  while (!idle_.empty()) {
    auto one = std::move(idle_.back());
    idle_.pop_back();
    if (one->wake(at_most)) return one;
  }
  return nullptr;
}

void connection_pool::put_idle(std::unique_ptr<connection> one) {
  if (stopped_) return;
  // Who has rested for longest stands first.
  while (!idle_.empty() && !idle_.front()->is_open())
    idle_.pop_front();
  one->rest();
  idle_.push_back(std::move(one));
}

void connection_pool::stop() {
  stopped_ = true;
  idle_.clear();
  for (auto& one : waiting_)
    one.wake.cancel();
}

}  // namespace cartrelay::http
