#include "daemon/signals.hpp"

#include "daemon/exit_code.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/system/system_error.hpp>
#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <span>

namespace cartrelay::daemon {
namespace {

sigset_t set_of(std::span<const int> signals) {
  sigset_t set{};
  sigemptyset(&set);
  for (const int number : signals)
    sigaddset(&set, number);
  return set;
}

void hold_back(std::span<const int> signals) {
  const auto set = set_of(signals);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

int opened_for(std::span<const int> signals) {
  const auto set = set_of(signals);
  const int descriptor = ::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  if (descriptor < 0) throw boost::system::system_error(errno, boost::system::system_category(), "signalfd");
  return descriptor;
}

void end(int /*number*/) {
  ::_exit(exit_ok);
}

}  // namespace

void end_when_told_to_stop() {
  hold_back(std::array{SIGHUP});
  for (const int number : {SIGTERM, SIGINT})
    std::signal(number, end);
}

void hold_signals_back() {
  hold_back(steering_signals);
}

held_signals::held_signals(base::executor where) : descriptor_(where, opened_for(steering_signals)) {}

base::task<std::optional<int>> held_signals::next() {
  signalfd_siginfo came{};
  const auto into = boost::asio::buffer(&came, sizeof came);
  const auto read = co_await descriptor_.async_read_some(into, base::as_result);
  const auto [failure, size] = read;
  if (failure || size != sizeof came) co_return std::nullopt;
  co_return static_cast<int>(came.ssi_signo);
}

}  // namespace cartrelay::daemon
