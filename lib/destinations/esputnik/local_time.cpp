#include "destinations/esputnik/local_time.hpp"

#include <date/tz.h>

#include <chrono>
#include <stdexcept>

namespace cartrelay::destinations::esputnik {

std::optional<local_time> local_time::of(const std::string& zone) {
  if (zone == "UTC") return local_time(nullptr);
  try {
    return local_time(date::locate_zone(zone));
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

std::string local_time::format(base::timestamp at) const {
  constexpr std::size_t usual = std::string_view("2026-11-21T10:00:00").size();
  if (!zone_) return base::format_seconds(at);
  const auto whole = std::chrono::floor<std::chrono::seconds>(at);
  auto text = base::format_seconds(base::timestamp(zone_->to_local(whole).time_since_epoch()));
  return text.size() == usual ? text : std::string();
}

}  // namespace cartrelay::destinations::esputnik
