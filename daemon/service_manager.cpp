#include "daemon/service_manager.hpp"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <chrono>
#include <numeric>

namespace cartrelay::daemon::service_manager {
namespace {

constexpr std::chrono::seconds start{180};  // TimeoutStartSec
/// A stop in the middle of a large replay takes twelve seconds beside the drain.
constexpr std::chrono::seconds rest_of_a_stop{30};

void notify(const std::string& state) {
  ::sd_notify(0, state.c_str());
}

std::string more_time(std::chrono::microseconds patience) {
  return fmt::format("EXTEND_TIMEOUT_USEC={}", patience.count());
}

}  // namespace

void still_starting() {
  notify(more_time(start));
}

void ready() {
  notify("READY=1");
}

void reloading() {
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
  notify(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.count()));
}

void stopping(std::chrono::milliseconds drain) {
  notify("STOPPING=1\n" + more_time(drain + rest_of_a_stop));
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

base::result<std::vector<int>> handed_over() {
  const int count = ::sd_listen_fds(1);
  if (count < 0) return base::error{{-count, boost::system::system_category()}, "LISTEN_FDS"};
  std::vector<int> out(static_cast<std::size_t>(count));
  std::iota(out.begin(), out.end(), SD_LISTEN_FDS_START);
  return out;
}

}  // namespace cartrelay::daemon::service_manager
