#include "daemon/io_thread.hpp"

#include "base/thread.hpp"

#include <utility>

namespace cartrelay::daemon {
namespace {

void run_modestly(boost::asio::io_context& context) {
  base::step_back();
  base::giving_way way(16);  // a handler takes some microseconds
  while (context.run_one() > 0)
    way.worked();
}

}  // namespace

io_thread::io_thread(std::string name, urgency how)
    : work_(context_.get_executor()), box_(context_.get_executor()) {
  thread_ = std::thread([this, name = std::move(name), how] {
    base::name_this_thread(name);
    if (how == urgency::steps_back)
      run_modestly(context_);
    else
      context_.run();
  });
}

io_thread::~io_thread() {
  stop();
}

void io_thread::stop() {
  context_.stop();
  if (thread_.joinable()) thread_.join();
}

}  // namespace cartrelay::daemon
