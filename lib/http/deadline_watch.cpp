#include "http/deadline_watch.hpp"

namespace cartrelay::http {

void watched::expires_after(std::chrono::milliseconds span) {
  deadline_ = std::chrono::steady_clock::now() + span;
}

void deadline_watch::add(watched& one) {
  all_.push_back(one);
  if (!ticking_) arm();
}

void deadline_watch::stop() noexcept {
  timer_.cancel();
}

void deadline_watch::arm() {
  ticking_ = true;
  timer_.expires_after(tick);
  timer_.async_wait([self = shared_from_this()](boost::system::error_code stopped) {
    self->ticking_ = false;
    if (!stopped) self->look();
  });
}

void deadline_watch::look() {
  const auto now = std::chrono::steady_clock::now();
  for (auto next = all_.begin(); next != all_.end();) {
    auto& one = *next++;
    if (one.deadline_ <= now) one.on_deadline();
  }
  if (!all_.empty()) arm();
}

}  // namespace cartrelay::http
