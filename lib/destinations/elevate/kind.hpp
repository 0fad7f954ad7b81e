#pragma once

#include "destinations/registry.hpp"

namespace cartrelay::destinations {

/// Voyado Elevate 3: add-to-cart notifications.
[[nodiscard]] const kind& elevate_kind();

}  // namespace cartrelay::destinations
