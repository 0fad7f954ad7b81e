#include "daemon/service_manager.hpp"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <chrono>

namespace cartrelay::daemon::service_manager {
namespace {

/// A stop in the middle of a large replay takes twelve seconds beside the drain.
constexpr std::chrono::seconds rest_of_a_stop{30};

void notify(const std::string& state) {
  ::sd_notify(0, state.c_str());
}

}  // namespace

void ready() {
  notify("READY=1");
}

void reloading() {
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
  notify(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.count()));
}

void stopping(std::chrono::milliseconds drain) {
  const std::chrono::microseconds patience = drain + rest_of_a_stop;
  notify(fmt::format("STOPPING=1\nEXTEND_TIMEOUT_USEC={}", patience.count()));
}

void status(std::string_view words) {
  notify(fmt::format("STATUS={}", words));
}

void watchdog() {
  notify("WATCHDOG=1");
}

std::optional<std::chrono::microseconds> watchdog_interval() {
  std::uint64_t micros = 0;
  if (::sd_watchdog_enabled(0, &micros) <= 0) return std::nullopt;
  return std::chrono::microseconds(micros / 2);
}

}  // namespace cartrelay::daemon::service_manager
