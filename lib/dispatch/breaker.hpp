#pragma once

#include "base/random.hpp"
#include "base/time.hpp"
#include "destinations/options.hpp"
#include "dispatch/probe_wait.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cartrelay::dispatch {

/// Stops asking a vendor that is down. Opens after `failures_to_open` transient failures in a row that were
/// not all about one order key (an event that makes the vendor stumble is that event's affair), then lets
/// single probes through at growing intervals until one of them finds the vendor alive.
class breaker {
 public:
  static constexpr std::uint32_t failures_to_open = 5;

  explicit breaker(const destinations::retry_options& rules) : rules_(rules) {}

  enum class state { closed, open, half_open };
  [[nodiscard]] state now_is() const noexcept { return state_; }
  /// When the next probe may go; meaningful while open.
  [[nodiscard]] base::steady_time probe_at() const noexcept { return wait_.end(); }
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

  /// The probe goes out now.
  void probe() noexcept { state_ = state::half_open; }
  /// Somebody asks for a probe without waiting for the next one's time. If it fails before that has come, the
  /// wait goes on as it was.
  void hasten(base::steady_time now) noexcept { wait_.hasten(now); }
  /// A transient failure, of one order key or of several. What was under way since before it opened says
  /// nothing new.
  void failed(std::optional<std::uint64_t> key, bool was_probe, std::string reason, base::steady_time now,
              base::random_source& random);
  /// The vendor answered with something else than a transient failure. True if this closed the breaker.
  bool alive() noexcept;

 private:
  void open(base::steady_time now, base::random_source& random);

  destinations::retry_options rules_;
  state state_ = state::closed;
  std::uint32_t failures_ = 0;  // in a row while closed
  std::optional<std::uint64_t> first_key_;
  bool different_keys_ = false;  // among those failures
  std::uint32_t openings_ = 0;   // in a row: the first, and every probe that failed
  probe_wait wait_;
  std::string reason_;
};

}  // namespace cartrelay::dispatch
