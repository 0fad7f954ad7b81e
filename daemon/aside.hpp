#pragma once

#include "base/completion.hpp"
#include "base/task.hpp"
#include "base/thread.hpp"

#include <thread>
#include <type_traits>
#include <utility>

namespace cartrelay::daemon {

/// Carries out on a thread of that name what may block for long, as reading a file on a network may. The I/O
/// thread that awaits it, and that `box` belongs to, goes on meanwhile.
template <class Work>
base::task<std::invoke_result_t<Work>> aside(base::mailbox box, const char* name, Work work) {
  using outcome = std::invoke_result_t<Work>;
  std::thread worker;
  auto begin = [&worker, name, &work](base::completion<outcome> then) {
    worker = std::thread([name, &work, then = std::move(then)]() mutable {
      base::name_this_thread(name);
      then(work());
    });
  };
  auto done = co_await base::await_completion<outcome>(box, begin);
  worker.join();
  co_return done;
}

}  // namespace cartrelay::daemon
