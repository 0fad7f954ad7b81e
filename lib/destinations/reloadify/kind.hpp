#pragma once

#include "destinations/registry.hpp"

namespace cartrelay::destinations {

/// Reloadify: the state of carts, for abandoned-cart mails. API v2, carts scoped to a language; JSON, a
/// bearer token that is fixed or fetched with OAuth2 client credentials.
[[nodiscard]] const kind& reloadify_kind();

}  // namespace cartrelay::destinations
