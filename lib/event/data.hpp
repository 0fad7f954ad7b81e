#pragma once

#include "event/event.hpp"
#include "event/reader.hpp"

#include <optional>

namespace cartrelay::event {

/// Reads `data` by the catalogue's row for the type. Without a type (it was missing or unknown) what is there
/// is still checked, but nothing can be said to be missing.
void read_data(reader& in, const node& value, std::optional<event_type> type, payload& into);

}  // namespace cartrelay::event
