#pragma once

#include "destinations/options.hpp"

#include <string>

namespace cartrelay::dispatch {

/// Tells whether a destination's secrets are still those that its vendor refused, without storing them: 32
/// bits of a salted SHA-256, far too few to find a secret by, and enough to notice a new one at a restart.
[[nodiscard]] std::string credential_mark(const destinations::options& given);

}  // namespace cartrelay::dispatch
