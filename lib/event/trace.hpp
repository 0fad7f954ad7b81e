#pragma once

#include "event/event.hpp"

#include <string_view>

namespace cartrelay::event {

/// The trace-id of `traceparent`, where that has the form of W3C Trace Context (3.2): 32 hexadecimal digits,
/// so it gives nobody away. Empty otherwise. A view into the event.
[[nodiscard]] std::string_view trace_id(const event& of) noexcept;

}  // namespace cartrelay::event
