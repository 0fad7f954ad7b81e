#pragma once

#include "base/unique_function.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace cartrelay::queue::rocks {

/// One thread that runs what is posted, in order, and steps back for others. Long work posts its next slice,
/// so that others get their turn in between. post() from any thread, also its own.
class worker {
 public:
  /// `name`: of its thread.
  explicit worker(std::string name);
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;
  ~worker();

  /// Not after stop(): somebody may wait for what the job would say.
  void post(base::unique_function<void()> job);
  /// Blocks until nothing is queued or running.
  void drain();
  /// Runs `what` while nothing else runs here, on the calling thread.
  void alone(const std::function<void()>& what);
  /// Runs what is queued and ends the thread.
  void stop();

 private:
  void run();

  const std::string name_;
  std::mutex mutex_;
  std::condition_variable work_, idle_;
  std::deque<base::unique_function<void()>> jobs_;
  bool busy_ = false, barred_ = false, stopping_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace cartrelay::queue::rocks
