#pragma once

#include "base/completion.hpp"
#include "base/task.hpp"
#include "base/thread.hpp"

#include <memory>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>

namespace cartrelay::daemon {

/// Carries out on a thread of that name what may block for long, as reading a file on a network may. The I/O
/// thread that awaits it, and that `box` belongs to, goes on meanwhile; where no thread can be had, it does
/// the work itself.
template <class Work>
base::task<std::invoke_result_t<Work>> aside(base::mailbox box, const char* name, Work work) {
  using outcome = std::invoke_result_t<Work>;
  std::thread worker;
  auto begin = [&worker, name, &work](base::completion<outcome> then) {
    const auto answer = std::make_shared<base::completion<outcome>>(std::move(then));
    try {
      worker = std::thread([name, &work, answer] {
        base::name_this_thread(name);
        (*answer)(work());
      });
    } catch (const std::system_error&) {
      (*answer)(work());
    }
  };
  auto done = co_await base::await_completion<outcome>(box, begin);
  if (worker.joinable()) worker.join();
  co_return done;
}

}  // namespace cartrelay::daemon
