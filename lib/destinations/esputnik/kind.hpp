#pragma once

#include "destinations/registry.hpp"

namespace cartrelay::destinations {

/// eSputnik (Yespo): events of contacts, one request each, on API v1; HTTP Basic with the API key as
/// password.
[[nodiscard]] const kind& esputnik_kind();

}  // namespace cartrelay::destinations
