#pragma once

#include "event/event.hpp"
#include "event/node.hpp"

namespace cartrelay::event {

/// The digest (event/stored.hpp) of an event in structured form.
[[nodiscard]] content_digest content_of(const node& value);

}  // namespace cartrelay::event
