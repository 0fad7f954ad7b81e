#include "dispatch/adaptive_limit.hpp"

#include <algorithm>

namespace cartrelay::dispatch {
namespace {

constexpr double tolerated_factor = 2;
constexpr double tolerated_ms = 100;  // on a fast vendor, doubling is noise

void move(double& average, double sample, double weight) {
  average = average == 0 ? sample : average + weight * (sample - average);
}

}  // namespace

void adaptive_limit::good(base::duration latency, base::steady_time now) {
  learn(latency);
  if (slower_than_usual()) {
    shrink(0.9, latency, now);
    return;
  }
  limit_ = std::min(static_cast<double>(most_), limit_ + (doubling_ ? 1 : 1 / limit_));
}

void adaptive_limit::overloaded(base::duration latency, base::steady_time now) {
  shrink(0.5, latency, now);
}

void adaptive_limit::ramp() noexcept {
  limit_ = 1;
  doubling_ = true;
}

void adaptive_limit::learn(base::duration latency) {
  const double sample = std::max(0.001, std::chrono::duration<double, std::milli>(latency).count());
  move(recent_ms_, sample, 0.125);
  // Quick to learn that the vendor is faster than thought, slow to accept that it is slower.
  move(usual_ms_, sample, sample < usual_ms_ ? 0.125 : 0.005);
}

bool adaptive_limit::slower_than_usual() const {
  return recent_ms_ > usual_ms_ * tolerated_factor && recent_ms_ > usual_ms_ + tolerated_ms;
}

void adaptive_limit::shrink(double factor, base::duration latency, base::steady_time now) {
  if (now < quiet_until_) return;
  doubling_ = false;
  limit_ = std::max(1.0, limit_ * factor);
  quiet_until_ = now + latency;
}

}  // namespace cartrelay::dispatch
