#pragma once

#include "destinations/options.hpp"
#include "event/event.hpp"

namespace cartrelay::destinations {

/// Whether an event accepted now is routed to the destination: it is enabled, wants the type, and its filter
/// matches (market and language: of the session, language else of the customer; language tags match by
/// prefix, `bg` matches `bg-BG`). Pure; any thread.
[[nodiscard]] bool wants(const options& destination, const event::event& what);

}  // namespace cartrelay::destinations
