#pragma once

#include "base/error.hpp"

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

/// What systemd is told (sd_notify(3)) and gives; nothing happens when it did not start us. Any thread.
namespace cartrelay::daemon::service_manager {

/// Has it wait for the start as long from now on as the unit has it wait at all.
void still_starting();
void ready();
void reloading();
/// Has it wait for so much draining, and some time for the rest, where its own patience ends before.
void stopping(std::chrono::milliseconds drain);
void status(std::string_view words);  ///< shown by `systemctl status`
void watchdog();
/// How often watchdog() is expected, if at all: half of WatchdogSec.
[[nodiscard]] std::optional<std::chrono::microseconds> watchdog_interval();
/// The descriptors that it started us with (sd_listen_fds(3)), for the caller to close. Once, before this
/// process opens any.
[[nodiscard]] base::result<std::vector<int>> handed_over();

}  // namespace cartrelay::daemon::service_manager
