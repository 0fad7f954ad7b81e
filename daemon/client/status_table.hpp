#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace cartrelay::daemon {

/// The answer of GET /status as lines for a person, at most `width` columns wide; colours (ANSI) where
/// something is wrong if `colours`.
[[nodiscard]] std::string status_table(const boost::json::value& status, std::size_t width, bool colours);

}  // namespace cartrelay::daemon
