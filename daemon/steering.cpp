#include "daemon/steering.hpp"

namespace cartrelay::daemon {

steering::steering(base::executor where) : signals_(where), told_(where, base::timer::time_point::max()) {}

base::task<> steering::follow(base::unique_function<void()> on_stop) {
  while (!ended_) {
    const auto came = co_await signals_.next();
    if (!came) continue;
    if (*came == SIGHUP) {
      reload_wanted_ = true;
    } else {
      stop_wanted_ = true;
      stops_.release();
      on_stop();
    }
    told_.cancel();
  }
}

void steering::end() {
  ended_ = true;
  signals_.cancel();
}

base::task<> steering::next(std::optional<std::chrono::milliseconds> at_most) {
  if (at_most)
    told_.expires_after(*at_most);
  else
    told_.expires_at(base::timer::time_point::max());
  co_await told_.async_wait(base::as_result);
}

bool steering::stops_within(std::chrono::milliseconds span) {
  return stops_.try_acquire_for(span);
}

}  // namespace cartrelay::daemon
