#include "dispatch/token_bucket.hpp"

#include <algorithm>

namespace cartrelay::dispatch {
namespace {

using seconds = std::chrono::duration<double>;

/// What arithmetic may have taken from a token that is due.
constexpr double rounding = 1e-6;

/// A rate of next to nothing is asked again after so long.
constexpr seconds longest_wait{86'400};

}  // namespace

token_bucket::token_bucket(const destinations::rate_options& limit, base::steady_time now)
    : per_second_(limit.per_second),
      burst_(std::max(1.0, limit.burst > 0 ? limit.burst : limit.per_second)),
      since_(now) {}

bool token_bucket::available(base::steady_time now, std::size_t count) const {
  return available_at(now, count) <= now;
}

base::steady_time token_bucket::available_at(base::steady_time now, std::size_t count) const {
  if (per_second_ <= 0) return now;
  // More than the bucket holds are never there at once: then a full one is enough.
  const auto wanted = std::min(static_cast<double>(count), burst_);
  const auto missing = wanted - level(now);
  if (missing <= rounding) return now;
  const auto wait = std::min(seconds(missing / per_second_), longest_wait);
  return now + std::chrono::ceil<base::duration>(wait);
}

void token_bucket::take(base::steady_time now) {
  if (per_second_ <= 0) return;
  tokens_ = level(now) - 1;
  since_ = now;
}

double token_bucket::level(base::steady_time now) const {
  return std::min(burst_, tokens_ + seconds(now - since_).count() * per_second_);
}

}  // namespace cartrelay::dispatch
