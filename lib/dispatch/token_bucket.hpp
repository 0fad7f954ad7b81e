#pragma once

#include "base/time.hpp"
#include "destinations/options.hpp"

#include <cstddef>

namespace cartrelay::dispatch {

/// The rate limit: in any span of time at most `burst` + `per_second` × span requests go out. It starts with
/// one token, so that a daemon that is started again and again does not exceed the rate either.
class token_bucket {
 public:
  token_bucket(const destinations::rate_options& limit, base::steady_time now);

  /// Whether that many are there.
  [[nodiscard]] bool available(base::steady_time now, std::size_t count = 1) const;
  /// When that many will be, if nothing is taken in the meantime.
  [[nodiscard]] base::steady_time available_at(base::steady_time now, std::size_t count = 1) const;
  /// Only if one is available.
  void take(base::steady_time now);

 private:
  [[nodiscard]] double level(base::steady_time now) const;

  double per_second_, burst_;
  double tokens_ = 1;  // as of since_
  base::steady_time since_;
};

}  // namespace cartrelay::dispatch
