#include "daemon/signals.hpp"

#include <pthread.h>

namespace cartrelay::daemon {
namespace {

void mask(int how) {
  sigset_t set{};
  sigemptyset(&set);
  for (const int number : steering_signals)
    sigaddset(&set, number);
  ::pthread_sigmask(how, &set, nullptr);
}

}  // namespace

void hold_signals_back() {
  mask(SIG_BLOCK);
}

void let_signals_in() {
  mask(SIG_UNBLOCK);
}

}  // namespace cartrelay::daemon
