#pragma once

#include "event/event.hpp"
#include "queue/types.hpp"

#include <functional>
#include <vector>

namespace cartrelay::ingest {

/// Which destinations an event goes to, decided once, when it is accepted. Pure; called on ingest's thread.
using router = std::function<std::vector<queue::destination_id>(const event::event&)>;

/// What the queue stores of an event: its encoding, routing, idempotency key and the terms it can be searched
/// by, in strings of its own; an outline is enough. Pure.
[[nodiscard]] queue::new_event to_new_event(const event::event& accepted, const router& route);

}  // namespace cartrelay::ingest
