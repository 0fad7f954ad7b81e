#include "base/thread.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace cartrelay::base {
namespace {

/// struct sched_attr of sched_setattr(2), for which the C library has no call.
struct scheduling {
  std::uint32_t size = sizeof(scheduling), policy = SCHED_OTHER;
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t slice = 0, deadline = 0, period = 0;  // nanoseconds
};
static_assert(sizeof(scheduling) == 48);

}  // namespace

void name_this_thread(const std::string& name) {
  ::pthread_setname_np(::pthread_self(), name.substr(0, 15).c_str());
}

void step_back() noexcept {
  scheduling modest;
  modest.nice = 10;  // each step is a fifth less
  // The least that Linux has; by default a thread that wakes up waits for one to four milliseconds of others.
  modest.slice = 100'000;
  static_cast<void>(::syscall(SYS_sched_setattr, 0, &modest, 0));  // 0: the calling thread
}

void giving_way::now() noexcept {
  done_ = 0;
  ::sched_yield();
}

}  // namespace cartrelay::base
