#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace cartrelay::daemon {

/// The answer of GET /status as lines for a person. No line of the table is wider than `width` columns, which
/// are at least 40 (a line that would be ends with `…`); names have the room that the counts leave. Colours
/// (ANSI) where something is wrong if `colours`.
[[nodiscard]] std::string status_table(const boost::json::value& status, std::size_t width, bool colours);

}  // namespace cartrelay::daemon
