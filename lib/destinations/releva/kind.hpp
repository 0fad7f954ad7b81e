#pragma once

#include "destinations/registry.hpp"

namespace cartrelay::destinations {

/// Releva: paid carts, in bulk.
[[nodiscard]] const kind& releva_kind();

}  // namespace cartrelay::destinations
