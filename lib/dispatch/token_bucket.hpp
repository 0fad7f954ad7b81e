#pragma once

#include "base/time.hpp"
#include "destinations/options.hpp"

namespace cartrelay::dispatch {

/// The rate limit: in any span of time at most `burst` + `per_second` × span requests go out. It starts with
/// one token, so that a daemon that is started again and again does not exceed the rate either.
class token_bucket {
 public:
  token_bucket(const destinations::rate_options& limit, base::steady_time now);

  [[nodiscard]] bool available(base::steady_time now) const;
  /// When available() becomes true if nothing is taken in the meantime.
  [[nodiscard]] base::steady_time available_at(base::steady_time now) const;
  /// Takes a token, if need be one of the future: the request may go at the time returned. First come, first
  /// served.
  [[nodiscard]] base::steady_time take(base::steady_time now);

 private:
  [[nodiscard]] double level(base::steady_time now) const;

  double per_second_, burst_;
  double tokens_ = 1;  // as of since_; below zero: promised already
  base::steady_time since_;
};

}  // namespace cartrelay::dispatch
