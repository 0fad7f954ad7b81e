#pragma once

#include "admin/snapshot.hpp"

#include <string>

namespace cartrelay::daemon {

/// How the daemon does, in the one line that `systemctl status` shows. No personal data. Pure.
[[nodiscard]] std::string service_status(const admin::snapshot& seen);

}  // namespace cartrelay::daemon
