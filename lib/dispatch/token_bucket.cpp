#include "dispatch/token_bucket.hpp"

#include <algorithm>
#include <cmath>

namespace cartrelay::dispatch {
namespace {

using seconds = std::chrono::duration<double>;

/// What rounding may have taken from a token that is due.
constexpr double whole = 1 - 1e-9;

}  // namespace

token_bucket::token_bucket(const destinations::rate_options& limit, base::steady_time now)
    : per_second_(limit.per_second),
      burst_(std::max(1.0, limit.burst > 0 ? limit.burst : limit.per_second)),
      since_(now) {}

bool token_bucket::available(base::steady_time now) const {
  return per_second_ <= 0 || level(now) >= whole;
}

base::steady_time token_bucket::available_at(base::steady_time now) const {
  if (available(now)) return now;
  return now + std::chrono::ceil<base::duration>(seconds((1 - level(now)) / per_second_));
}

base::steady_time token_bucket::take(base::steady_time now) {
  if (per_second_ <= 0) return now;
  const auto at = available_at(now);
  tokens_ = level(now) - 1;
  since_ = now;
  return at;
}

double token_bucket::level(base::steady_time now) const {
  return std::min(burst_, tokens_ + seconds(now - since_).count() * per_second_);
}

}  // namespace cartrelay::dispatch
