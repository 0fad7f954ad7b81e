#pragma once

#include "daemon/client/daemon_client.hpp"

#include <boost/json/value.hpp>

#include <string_view>

namespace cartrelay::daemon {

/// A destination as GET /status has it; null if it is not there, or if the daemon does not say.
[[nodiscard]] boost::json::value destination_entry(const daemon_client& daemon, std::string_view name);

}  // namespace cartrelay::daemon
