#include "base/thread.hpp"

#include <pthread.h>
#include <sys/resource.h>

namespace cartrelay::base {

void name_this_thread(const std::string& name) {
  ::pthread_setname_np(::pthread_self(), name.substr(0, 15).c_str());
}

void step_back() noexcept {
  constexpr int a_tenth = 10;                                  // each step of niceness is a fifth less
  static_cast<void>(::setpriority(PRIO_PROCESS, 0, a_tenth));  // 0: on Linux, the calling thread
}

}  // namespace cartrelay::base
