#include "daemon/signals.hpp"

#include "daemon/exit_code.hpp"

#include <pthread.h>
#include <unistd.h>

#include <span>

namespace cartrelay::daemon {
namespace {

void mask(int how, std::span<const int> signals) {
  sigset_t set{};
  sigemptyset(&set);
  for (const int number : signals)
    sigaddset(&set, number);
  ::pthread_sigmask(how, &set, nullptr);
}

void end(int /*number*/) {
  ::_exit(exit_ok);
}

}  // namespace

void end_when_told_to_stop() {
  mask(SIG_BLOCK, std::array{SIGHUP});
  for (const int number : {SIGTERM, SIGINT})
    std::signal(number, end);
}

void hold_signals_back() {
  mask(SIG_BLOCK, steering_signals);
}

void let_signals_in() {
  mask(SIG_UNBLOCK, steering_signals);
}

}  // namespace cartrelay::daemon
