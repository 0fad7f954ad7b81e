#pragma once

#include "admin/snapshot.hpp"

#include <string>

namespace cartrelay::admin {

/// The body of GET /status. Its members are a contract with dashboards and scripts: new
/// ones may come, none goes or changes its meaning. Pure.
[[nodiscard]] std::string status_json(const snapshot& seen);

}  // namespace cartrelay::admin
