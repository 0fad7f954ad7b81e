#pragma once

#include "base/time.hpp"
#include "queue/progress.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cartrelay::dispatch {

enum class destination_state { active, backing_off, suspended, paused };
[[nodiscard]] std::string_view to_string(destination_state state) noexcept;

/// What an operator sees of one destination. `counts` are as of the last durable commit, so that the ledger
/// balances at any moment.
struct destination_status {
  std::string name, kind;
  bool enabled = true;
  bool configured = true;  ///< false: gone from the configuration, and still holding events
  destination_state state = destination_state::active;  ///< paused, if disabled or gone
  std::string reason;  ///< why it is not active: `breaker: http_503`, `credential: http_401`, `disabled`
  queue::totals counts;
  std::uint64_t in_flight = 0;                    ///< events in requests under way
  std::uint64_t retrying = 0;                     ///< events waiting for a next attempt after a failed one
  std::optional<base::timestamp> oldest_pending;  ///< received_at of the oldest unfinished event
  std::optional<double>
      drain_eta_s;  ///< backlog / recent rate of ends; absent without a rate, or while it is not active
  std::optional<base::timestamp> last_success_at, next_attempt_at;
  struct failure {
    base::timestamp at;
    std::string reason, detail;
    int status = 0;
  };
  std::optional<failure> last_error;
  double request_p50_ms = 0, request_p99_ms = 0;
};

}  // namespace cartrelay::dispatch
