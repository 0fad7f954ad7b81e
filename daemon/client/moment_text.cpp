#include "daemon/client/moment_text.hpp"

#include "daemon/client/member_text.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

namespace cartrelay::daemon {

std::string span_text(double seconds) {
  if (seconds < 60) return fmt::format("{:.0f}s", std::floor(seconds));
  if (seconds < 3600) return fmt::format("{:.0f}m", std::floor(seconds / 60));
  const bool hours = seconds < 86400;
  const auto tenths = std::floor(seconds * 10 / (hours ? 3600 : 86400));
  return fmt::format("{:.1f}{}", tenths / 10, hours ? 'h' : 'd');
}

std::string moment_text(base::timestamp at, base::timestamp now) {
  const auto text = base::format_seconds(at);
  const auto day = text.substr(0, text.find('T')), hours = text.substr(day.size() + 1) + "Z";
  return base::format_seconds(now).starts_with(day) ? hours : day + " " + hours;
}

std::optional<base::timestamp> member_time(const boost::json::value& from, std::string_view name) {
  return base::parse_rfc3339(member_text(from, name));
}

std::string next_attempt_text(const boost::json::value& destination, base::timestamp now) {
  const auto at = member_time(destination, "next_attempt_at");
  if (!at) return {};
  const auto wait = std::chrono::duration<double>(*at - now).count();
  return "next attempt " + moment_text(*at, now) + (wait >= 1 ? " (in " + span_text(wait) + ")" : "");
}

}  // namespace cartrelay::daemon
