#pragma once

#include "dispatch/surroundings.hpp"

#include <optional>
#include <string>

namespace cartrelay::dispatch {

/// What is shown of a destination that has no loop any more and still holds events.
struct bygone {
  std::string kind;  ///< empty: not known
  std::optional<base::timestamp> oldest_pending;
};

/// Read from the queue: how it stood, and its oldest unfinished event. Takes the lease, so only for a
/// destination without a loop. On the delivery thread.
[[nodiscard]] base::task<base::result<bygone>> look_back(const surroundings& around,
                                                         queue::destination_id which);

}  // namespace cartrelay::dispatch
