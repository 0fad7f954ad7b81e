#pragma once

#include "base/random.hpp"
#include "destinations/options.hpp"
#include "dispatch/control.hpp"
#include "dispatch/instant.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace cartrelay::dispatch {

/// However long a vendor asks to be left alone, an hour is what it gets.
inline constexpr std::chrono::seconds longest_retry_after = std::chrono::hours(1);
[[nodiscard]] std::chrono::seconds capped(std::chrono::seconds asked) noexcept;

/// The vendor asked for a pause (Retry-After, or 429 without one): nothing goes there before its end. A later
/// request of the vendor may prolong the pause, never shorten it.
class hold {
 public:
  explicit hold(const destinations::retry_options& rules) : rules_(rules) {}

  [[nodiscard]] bool active(base::steady_time now) const noexcept { return now < until_; }
  [[nodiscard]] base::steady_time until() const noexcept { return until_; }
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

  void ask(std::chrono::seconds wait, std::string reason, instant now);
  /// 429 without Retry-After: the backoff delay, growing with every hold that ended in another 429.
  void throttled(std::string reason, instant now, base::random_source& random);
  void alive() noexcept { streak_ = 0; }

  /// What was stored before a restart. However the clock was set since, it is not longer than it was then.
  void restore(const control::pause& stored, instant now);

 private:
  void extend(base::steady_time until, std::string reason);

  destinations::retry_options rules_;
  base::steady_time until_{};
  std::uint32_t streak_ = 0;
  std::string reason_;
};

}  // namespace cartrelay::dispatch
