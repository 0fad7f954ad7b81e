#pragma once

#include <chrono>
#include <optional>
#include <string_view>

/// What systemd is told (sd_notify(3)); nothing happens when it did not start us. Any thread.
namespace cartrelay::daemon::service_manager {

void ready();
void reloading();
/// Has it wait for so much draining, and some time for the rest, where its own patience ends before.
void stopping(std::chrono::milliseconds drain);
void status(std::string_view words);  ///< shown by `systemctl status`
void watchdog();
/// How often watchdog() is expected, if at all: half of WatchdogSec.
[[nodiscard]] std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace cartrelay::daemon::service_manager
