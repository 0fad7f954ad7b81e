#pragma once

#include "base/error.hpp"
#include "event/event.hpp"
#include "event/reader.hpp"
#include "event/text_buffer.hpp"

#include <string_view>

namespace cartrelay::event {

/// Reads one CloudEvent in structured form: the attributes and, by its type, `data`. All of `event` but json,
/// storage and received_at. Every fault goes to the reader.
void read_event(reader& in, const node& value, bool specversion_required, event& into);

/// The structured form as it is stored: what was sent, compact, with `specversion` in front where it was left
/// out. `expected` is a guess of its length.
[[nodiscard]] text_buffer structured_json(const node& value, std::size_t expected);

/// The event of such a text: all of it but received_at. Fails if no valid event has this text; members that
/// are not known are passed over.
[[nodiscard]] base::result<event> read_whole(std::string_view json);

}  // namespace cartrelay::event
