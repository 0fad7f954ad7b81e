#include "dispatch/adaptive_limit.hpp"

#include <algorithm>

namespace cartrelay::dispatch {
namespace {

constexpr double tolerated_factor = 2;
constexpr double tolerated_ms = 100;  // on a fast vendor, doubling is noise
constexpr double recent_weight = 1.0 / 8, usual_weight = 1.0 / 200;
constexpr double least_part_if_slow = 0.25;

}  // namespace

void adaptive_limit::good(base::duration latency, base::steady_time now) {
  learn(latency);
  if (slower_than_usual()) {
    shrink(0.9, static_cast<double>(most_) * least_part_if_slow, latency, now);
    return;
  }
  limit_ = std::min(static_cast<double>(most_), limit_ + (doubling_ ? 1 : 1 / limit_));
}

void adaptive_limit::overloaded(base::duration latency, base::steady_time now) {
  shrink(0.5, 1, latency, now);
}

void adaptive_limit::ramp() noexcept {
  limit_ = 1;
  doubling_ = true;
}

void adaptive_limit::learn(base::duration latency) {
  const double sample = std::chrono::duration<double, std::milli>(latency).count();
  const double first =
      1 / ++samples_;  // the mean of all until there are enough: no first answer sets the tone
  recent_ms_ += std::max(recent_weight, first) * (sample - recent_ms_);
  usual_ms_ += std::max(usual_weight, first) * (sample - usual_ms_);
}

bool adaptive_limit::slower_than_usual() const {
  return recent_ms_ > usual_ms_ * tolerated_factor && recent_ms_ > usual_ms_ + tolerated_ms;
}

void adaptive_limit::shrink(double factor, double least, base::duration latency, base::steady_time now) {
  if (now < quiet_until_) return;
  doubling_ = false;
  limit_ = std::max({1.0, std::min(limit_, least), limit_ * factor});
  quiet_until_ = now + latency;
}

}  // namespace cartrelay::dispatch
