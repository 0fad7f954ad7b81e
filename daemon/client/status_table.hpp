#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace cartrelay::daemon {

/// The answer of GET /status as lines for a person. From 40 columns on no line is wider than `width` (one
/// that would be ends with `…`), below that as few as can be; names have the room that the counts leave.
/// Colours (ANSI) where something is wrong if `colours`.
[[nodiscard]] std::string status_table(const boost::json::value& status, std::size_t width, bool colours);

}  // namespace cartrelay::daemon
