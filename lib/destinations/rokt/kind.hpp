#pragma once

#include "destinations/registry.hpp"

namespace cartrelay::destinations {

/// Rokt: confirms the cart items of a paid order.
[[nodiscard]] const kind& rokt_kind();

}  // namespace cartrelay::destinations
