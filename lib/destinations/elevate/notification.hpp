#pragma once

#include "destinations/destination.hpp"
#include "event/event.hpp"

#include <string>
#include <string_view>

namespace cartrelay::destinations::elevate {

/// Whether the event is an item with a ticket put into the cart of a visitor whose keys are known.
[[nodiscard]] screening screen(const event::event& what);

/// `session_key` of `refs.elevate`, else the session's id.
[[nodiscard]] event::text session_key(const event::event& what);

/// The body of an adding-to-cart notification; the event passed screen(). Members, after the vendor's page:
/// `market` (`fallback_market` where the session has none; left out if that is empty), `customerKey`,
/// `sessionKey`, `id`, `token` for signed-in visitors, `ticket`.
[[nodiscard]] std::string body(const event::event& what, std::string_view fallback_market);

}  // namespace cartrelay::destinations::elevate
