#pragma once

#include "event/event.hpp"
#include "event/node.hpp"

namespace cartrelay::event {

/// The digest (event/stored.hpp) of an event in structured form. `expected` is a guess of the length of
/// its text.
[[nodiscard]] content_digest content_of(const node& value, std::size_t expected);

}  // namespace cartrelay::event
