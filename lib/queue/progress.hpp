#pragma once

#include "queue/types.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cartrelay::queue {

/// One destination at one partition, owned by exactly one process. With RocksDB the lock file is the lease
/// and the epoch grows at each open.
struct lease {
  destination_id destination = 0;
  partition part = 0;
  std::uint64_t epoch = 0;
};

/// Durable totals of a destination. routed = delivered + skipped + superseded + expired + discarded +
/// dead_letters + backlog, at any moment.
struct totals {
  std::uint64_t routed = 0, delivered = 0, skipped = 0, superseded = 0, expired = 0, discarded = 0;
  std::uint64_t dead_letters = 0;  ///< present now
  std::uint64_t attempts = 0, failed_attempts = 0;

  [[nodiscard]] std::uint64_t ended() const noexcept {
    return delivered + skipped + superseded + expired + discarded + dead_letters;
  }
  [[nodiscard]] std::uint64_t backlog() const noexcept { return routed - std::min(routed, ended()); }
  friend bool operator==(const totals&, const totals&) = default;
};

/// What one step of a destination's loop made true. All or nothing, and durable when it completes.
struct progress {
  sequence cursor = 0;    ///< every event up to here is finished or has an exception; never moves back
  std::vector<end> ends;  ///< an end removes the event's exception; a second end of the same event is ignored
  std::vector<exception> exceptions;  ///< put or replaced
  std::vector<state_change> state;
  /// Totals of the destination, as its loop counts on from unit_state: deliveries tried (a batch is one).
  /// Like all of a step they may be told twice, where the answer to the first time was lost. They never grow
  /// less.
  std::uint64_t attempts = 0, failed_attempts = 0;
  std::optional<std::string> control;  ///< opaque: holds, suspension, pause; absent: unchanged
};

/// unit_state::control where the stored text is damaged. It may have said "paused", so it must not look like
/// nothing: no loop stores this, and none can read it.
inline constexpr const char* unreadable_control = "unreadable";

/// Where a destination stood when its lease was acquired.
struct unit_state {
  lease held;
  sequence cursor = 0;
  std::vector<exception> exceptions;      ///< ascending; the first ones, as many as were asked for
  std::vector<sequence> more_exceptions;  ///< those after them by their numbers alone, ascending
  std::vector<sequence>
      ended_after;  ///< events after the cursor that have ended already, ascending: not to be delivered again
  std::string control;                              ///< empty: nothing was ever stored
  std::uint64_t attempts = 0, failed_attempts = 0;  ///< the totals
};

}  // namespace cartrelay::queue
