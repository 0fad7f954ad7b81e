#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "dispatch/surroundings.hpp"
#include "queue/inspect.hpp"

#include <cstddef>
#include <map>
#include <vector>

namespace cartrelay::dispatch {

/// Events by destination.
using numbers_by_destination = std::map<queue::destination_id, std::vector<queue::sequence>>;

/// What came of a replay.
struct replay_outcome {
  base::result<std::size_t> count = std::size_t(0);
  /// May be work now, and somebody has to look: after a failure all that were asked for. Some may have been
  /// stored before it, and what failed at its sync may be there when the queue was opened again.
  numbers_by_destination work;
};

/// Makes dead letters work again. On the delivery thread.
[[nodiscard]] base::task<replay_outcome> replay_dead_letters(const surroundings& around,
                                                             queue::dead_letter_selection which);

}  // namespace cartrelay::dispatch
