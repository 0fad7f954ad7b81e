#pragma once

#include "base/thread.hpp"

#include <future>
#include <memory>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>

namespace cartrelay::daemon {

/// Carries out on a thread of that name what may block for long, or for ever, as reading a file on a network
/// may. Nobody has to wait for its end: `work` holds what it needs by value, and the thread is left to
/// itself. Where no thread can be had, the caller does the work.
template <class Work>
std::future<std::invoke_result_t<Work>> aside(const char* name, Work work) {
  const auto task = std::make_shared<std::packaged_task<std::invoke_result_t<Work>()>>(std::move(work));
  auto outcome = task->get_future();
  try {
    std::thread([name, task] {
      base::name_this_thread(name);
      (*task)();
    }).detach();
  } catch (const std::system_error&) {
    (*task)();
  }
  return outcome;
}

}  // namespace cartrelay::daemon
