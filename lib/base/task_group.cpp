#include "base/task_group.hpp"

#include "base/log.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>

namespace cartrelay::base {

task_group::task_group(executor where) : where_(where), empty_(where, timer::time_point::max()) {}

void task_group::spawn(task<> member) {
  ++running_;
  boost::asio::co_spawn(where_, std::move(member), [this](std::exception_ptr failure) {
    if (failure) {
      try {
        std::rethrow_exception(failure);
      } catch (const std::exception& broken) {
        log::error("a task ended by an exception: {}", broken.what());
      } catch (...) {
        log::error("a task ended by something that is no exception");
      }
      std::terminate();
    }
    --running_;
    if (running_ == 0) empty_.cancel();
  });
}

task<> task_group::join() {
  while (running_ > 0)
    co_await empty_.async_wait(as_result);
}

}  // namespace cartrelay::base
