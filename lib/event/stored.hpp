#pragma once

#include "base/error.hpp"
#include "event/event.hpp"

#include <array>
#include <string>
#include <string_view>

namespace cartrelay::event {

/// The stored encoding of an event, version 1 (docs/queue-format.md): received_at and the JSON text. Any
/// thread.
[[nodiscard]] std::string encode(const event& value);
/// Fails on a version that this program does not know, or on content that no valid event has.
[[nodiscard]] base::result<event> decode(std::string_view stored);

/// What two posts of the same (source, id) are compared by: type, subject and data as JSON values (member
/// order and number spelling do not count). `time` is compared apart, since it counts only where both give
/// it.
using content_digest = std::array<std::uint8_t, 16>;
[[nodiscard]] content_digest digest(const event& value);

}  // namespace cartrelay::event
