#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cartrelay::base {

/// Wall-clock time, UTC, in microseconds. For stamps and for what the outside says; waits use steady_time.
using timestamp = std::chrono::sys_time<std::chrono::microseconds>;
using steady_time = std::chrono::steady_clock::time_point;
using duration = std::chrono::nanoseconds;

/// RFC 3339 date-time with offset (`2026-03-15T14:22:00+02:00`), any number of fraction digits (kept to
/// microseconds); nothing if malformed, or if the year is not one of 0 to 9999 in UTC too.
[[nodiscard]] std::optional<timestamp> parse_rfc3339(std::string_view text);
/// `2026-11-21T10:00:00.000Z`: UTC with milliseconds.
[[nodiscard]] std::string format_rfc3339_millis(timestamp at);
/// The same with microseconds, as exact as a timestamp is.
[[nodiscard]] std::string format_rfc3339_micros(timestamp at);
/// `2026-11-21T10:00:00`: cut off to seconds, no zone.
[[nodiscard]] std::string format_seconds(timestamp at);
/// IMF-fixdate and the obsolete HTTP date forms (RFC 9110, 5.6.7); nothing if malformed.
[[nodiscard]] std::optional<timestamp> parse_http_date(std::string_view text);
[[nodiscard]] std::string format_http_date(timestamp at);

[[nodiscard]] std::int64_t to_micros(timestamp at) noexcept;
[[nodiscard]] timestamp from_micros(std::int64_t micros) noexcept;

/// `250ms`, `30s`, `10m`, `72h`, `7d`, also joined (`1h30m`); nothing if malformed or out of range.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
[[nodiscard]] std::string format_duration(std::chrono::milliseconds span);

}  // namespace cartrelay::base
