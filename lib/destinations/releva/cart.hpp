#pragma once

#include "event/event.hpp"

#include <string>

namespace cartrelay::destinations::releva {

/// Appends the event as an element of a request's `carts`: a paid order, or a cart that is not paid yet
/// (`cart.updated`). Compact JSON. Members, after the vendor's page on its Cart Paid API: `email` and
/// `phoneNumber` of those that are known, `orderId` only when paid, `cartPaid`, `products`, `custom`, and
/// always `timestamp`, since the vendor would take the time of delivery for one that is missing.
void append_cart(std::string& json, const event::event& what);

}  // namespace cartrelay::destinations::releva
