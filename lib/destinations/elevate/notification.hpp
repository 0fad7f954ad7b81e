#pragma once

#include "destinations/destination.hpp"
#include "event/event.hpp"

#include <string>
#include <string_view>

namespace cartrelay::destinations::elevate {

/// Whether the event is an item with a ticket put into the cart of a visitor whose keys and market are known.
/// `fallback_market` is that of visitors whose session has none; empty: they have none.
[[nodiscard]] screening screen(const event::event& what, std::string_view fallback_market);

/// `session_key` of `refs.elevate`, else the session's id.
[[nodiscard]] event::text session_key(const event::event& what);

/// The body of an adding-to-cart notification; the event passed screen(), with the same `fallback_market`.
/// Members, after the vendor's page: `market`, `customerKey`, `sessionKey`, `id`, `token` for signed-in
/// visitors, `ticket`.
[[nodiscard]] std::string body(const event::event& what, std::string_view fallback_market);

}  // namespace cartrelay::destinations::elevate
