#include "sandbox/wait_list.hpp"

namespace cartrelay::sandbox {

base::task<> wait_list::wait(std::chrono::milliseconds limit) {
  if (closed_) co_return;
  base::timer timer(where_, limit);
  waiting_.insert(&timer);
  co_await timer.async_wait(base::as_result);
  waiting_.erase(&timer);
}

void wait_list::wake() {
  for (base::timer* const timer : waiting_)
    timer->cancel();
}

void wait_list::close() {
  closed_ = true;
  wake();
}

}  // namespace cartrelay::sandbox
