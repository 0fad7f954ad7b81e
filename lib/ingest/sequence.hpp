#pragma once

#include "queue/inspect.hpp"

#include <optional>
#include <string_view>

namespace cartrelay::ingest {

/// The number of an event as paths, cursors and ids write it: digits only, no sign, no leading zeros; nothing
/// for 0, nor for 2^63 and more, which no log reaches. So each event has one path, and has a next number.
[[nodiscard]] std::optional<queue::sequence> parse_sequence(std::string_view text);

}  // namespace cartrelay::ingest
