#pragma once

#include "destinations/rokt/reservation.hpp"
#include "event/event.hpp"

#include <string>
#include <vector>

namespace cartrelay::destinations::rokt {

/// The body of a confirm call for these items of the order. Members, after the vendor's page on confirming
/// cart items: `cartId` (the order's id if its cart is not known), `orderId`, `items` (prices and totals
/// exact, as JSON numbers), `payPalOrderId` and `merchantId` from `order.refs.rokt`, `attributes` as strings.
[[nodiscard]] std::string body(const event::order& of, const std::vector<reservation>& items);

}  // namespace cartrelay::destinations::rokt
