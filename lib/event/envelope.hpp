#pragma once

#include "event/event.hpp"
#include "event/reader.hpp"

namespace cartrelay::event {

/// Reads one CloudEvent in structured form: the attributes and, by its type, `data`. All of `event` but json
/// and received_at. Every fault goes to the reader.
void read_event(reader& in, const node& value, bool specversion_required, event& into);

/// The structured form as it is stored: what was sent, compact, with `specversion` in front where it was left
/// out. `expected` is a guess of its length.
[[nodiscard]] std::string structured_json(const node& value, std::size_t expected);

}  // namespace cartrelay::event
