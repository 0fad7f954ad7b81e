#include "daemon/io_thread.hpp"

#include <pthread.h>

namespace cartrelay::daemon {

io_thread::io_thread(std::string name) : work_(context_.get_executor()), box_(context_.get_executor()) {
  thread_ = std::thread([this] { context_.run(); });
  ::pthread_setname_np(thread_.native_handle(), name.substr(0, 15).c_str());
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
