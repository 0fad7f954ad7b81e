#pragma once

#include "config/configuration.hpp"
#include "dispatch/dispatcher.hpp"

#include <string>
#include <vector>

/// What a reload may do, decided apart from doing it. Pure.
namespace cartrelay::daemon {

/// Keys that differ and that a running daemon cannot change. If there are any, the reload is refused whole.
[[nodiscard]] std::vector<std::string> needs_restart(const config::configuration& running,
                                                     const config::configuration& next);
/// One line for the journal: what changed, by section and destination.
[[nodiscard]] std::string describe_changes(const config::configuration& running,
                                           const config::configuration& next,
                                           const dispatch::change_report& destinations);

}  // namespace cartrelay::daemon
