#pragma once

#include "base/time.hpp"

#include <cstddef>

namespace cartrelay::dispatch {

/// How many requests may be under way: between 1 and the configured concurrency, found by additive increase
/// and multiplicative decrease. Halves when the vendor is overloaded (no answer, 429, 503), gives a tenth
/// back while answers take much longer than they used to, and gains one for every round of good answers. Once
/// per round: what was sent together fails together, and that is one sign and not eight.
///
/// What is usual is a mean over some hundred answers, so that a vendor whose answers vary (one address in 50
/// ms, another in 500) is no slower than usual, and one that has become slower is as usual after a while.
/// Slowness alone costs three quarters at most: fewer requests at a time make an answer no faster for ever.
class adaptive_limit {
 public:
  explicit adaptive_limit(std::size_t most)
      : most_(most > 0 ? most : 1), limit_(static_cast<double>(most_)) {}

  [[nodiscard]] std::size_t limit() const noexcept { return static_cast<std::size_t>(limit_); }

  void good(base::duration latency, base::steady_time now);
  void overloaded(base::duration latency, base::steady_time now);
  /// After an outage: one, then doubling every round until the vendor objects.
  void ramp() noexcept;

 private:
  void learn(base::duration latency);
  [[nodiscard]] bool slower_than_usual() const;
  void shrink(double factor, double least, base::duration latency, base::steady_time now);

  std::size_t most_;
  double limit_;
  bool doubling_ = false;
  double usual_ms_ = 0, recent_ms_ = 0;  // slow and fast moving averages
  double samples_ = 0;
  base::steady_time quiet_until_{};  // the round that a decrease belongs to
};

}  // namespace cartrelay::dispatch
