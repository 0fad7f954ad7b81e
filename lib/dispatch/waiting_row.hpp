#pragma once

#include "queue/inspect.hpp"

#include <optional>

namespace cartrelay::dispatch {

/// Of a receipt the row of an event that waits at this destination, out of it; nothing if it has ended there.
/// One whose row says nothing any more starts over, with its age as it is.
[[nodiscard]] std::optional<queue::exception> take_waiting(queue::receipt& from, queue::destination_id at);

}  // namespace cartrelay::dispatch
