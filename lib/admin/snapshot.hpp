#pragma once

#include "base/time.hpp"
#include "dispatch/status.hpp"
#include "queue/inspect.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::admin {

enum class phase { starting, running, stopping };

/// What the last reload of the configuration came to.
struct reload_result {
  base::timestamp at;
  std::string words;
};

/// Everything that /status and /metrics show, read at one moment.
struct snapshot {
  std::string version;
  admin::phase phase = admin::phase::running;
  base::timestamp started_at, now;
  std::uint64_t uptime_s = 0;  ///< by the steady clock
  std::optional<reload_result> last_reload;
  std::uint64_t requests_in_flight = 0;  ///< at ingest
  queue::queue_stats queue;
  std::vector<dispatch::destination_status> destinations;
};

/// `running`, `degraded` (a destination in use is not active, or the queue takes nothing), `stopping`.
[[nodiscard]] std::string_view overall_state(const snapshot& seen) noexcept;
/// Of the oldest event in the log; 0: there is none.
[[nodiscard]] queue::sequence first_sequence(const queue::queue_stats& seen) noexcept;
/// Of the oldest unfinished event; 0 if there is none.
[[nodiscard]] double oldest_pending_age_s(const dispatch::destination_status& destination,
                                          base::timestamp now);
[[nodiscard]] double oldest_pending_age_s(const snapshot& seen);

}  // namespace cartrelay::admin
