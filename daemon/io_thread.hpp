#pragma once

#include "base/mailbox.hpp"
#include "base/task.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <string>
#include <thread>

namespace cartrelay::daemon {

/// A thread that runs one io_context until stop(). An exception that leaves a handler is a broken invariant
/// and ends the process.
class io_thread {
 public:
  /// Whether what it does is waited for, or steps back behind what is.
  enum class urgency { waited_for, steps_back };

  io_thread(std::string name, urgency how);
  io_thread(const io_thread&) = delete;
  io_thread& operator=(const io_thread&) = delete;
  ~io_thread();

  [[nodiscard]] base::executor get_executor() noexcept { return context_.get_executor(); }
  [[nodiscard]] const base::mailbox& box() const noexcept { return box_; }
  /// Joins without waiting for what is pending.
  void stop();

 private:
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<base::executor> work_;
  base::mailbox box_;
  std::thread thread_;
};

}  // namespace cartrelay::daemon
