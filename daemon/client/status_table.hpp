#pragma once

#include "base/time.hpp"

#include <boost/json/value.hpp>

#include <string>

namespace cartrelay::daemon {

/// The answer of GET /status as lines for a person. From 40 columns on no line is wider than `width`, below
/// that as few as can be; names have the room that the counts leave. A destination that is not plainly active
/// has its reason, times and last error in lines below its row; times are UTC. Colours (ANSI) where something
/// is wrong if `colours`. Pure.
[[nodiscard]] std::string status_table(const boost::json::value& status, base::timestamp now,
                                       std::size_t width, bool colours);

}  // namespace cartrelay::daemon
