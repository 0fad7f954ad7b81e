#pragma once

#include "base/error.hpp"
#include "event/event.hpp"

#include <string>
#include <string_view>

namespace cartrelay::event {

/// The stored encoding of an event, version 1 (docs/queue-format.md): the byte 1, received_at in microseconds
/// since 1970 as 8 bytes, lowest first, and the JSON text. Any thread.
[[nodiscard]] std::string encode(const event& value);
/// Reads the JSON by the rules of parse_body, unknown members kept. Fails on a version that this program does
/// not know, or on content that no valid event has.
[[nodiscard]] base::result<event> decode(std::string_view stored);

/// What two posts of the same (source, id) are compared by: type, subject and data as JSON values (member
/// order and number spelling do not count). `time` is compared apart, since it counts only where both give
/// it. The XXH3 (128 bits) of `["<type>",<subject or null>,<data>]` in canonical JSON; stored, so fixed for
/// ever. It need not withstand forgery: whoever may post the other content under this id has no need to.
[[nodiscard]] content_digest digest(const event& value);

}  // namespace cartrelay::event
