#include "daemon/io_thread.hpp"

#include "base/thread.hpp"

#include <utility>

namespace cartrelay::daemon {

io_thread::io_thread(std::string name, urgency how)
    : work_(context_.get_executor()), box_(context_.get_executor()) {
  thread_ = std::thread([this, name = std::move(name), how] {
    base::name_this_thread(name);
    if (how == urgency::steps_back) base::step_back();
    context_.run();
  });
}

io_thread::~io_thread() {
  stop();
}

void io_thread::finish() {
  work_.reset();
  if (thread_.joinable()) thread_.join();
}

void io_thread::stop() {
  context_.stop();
  finish();
}

}  // namespace cartrelay::daemon
