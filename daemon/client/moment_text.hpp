#pragma once

#include "base/time.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

/// Times for people, in UTC, as the logs have them.
namespace cartrelay::daemon {

/// `58s`, `12m`, `1.5h`, `3.2d`: never more than it is.
[[nodiscard]] std::string span_text(double seconds);
/// `03:15:20Z`; the day only where it is not that of `now`.
[[nodiscard]] std::string moment_text(base::timestamp at, base::timestamp now);
[[nodiscard]] std::optional<base::timestamp> member_time(const boost::json::value& from,
                                                         std::string_view name);
/// Of a destination as GET /status has it: `next attempt 03:15:20Z (in 58s)`; empty if there is none to wait
/// for.
[[nodiscard]] std::string next_attempt_text(const boost::json::value& destination, base::timestamp now);

}  // namespace cartrelay::daemon
