#pragma once

#include "event/event.hpp"

#include <cstddef>
#include <vector>

namespace cartrelay::destinations::rokt {

/// An item of an order that Rokt has a part in: it carries `refs.rokt`. Points into the order.
struct reservation {
  std::size_t index = 0;  ///< in the order's items
  const event::item* item = nullptr;
  event::text cart_item_id, reservation_id, catalog_item_id;
};

/// In the order of the items.
[[nodiscard]] std::vector<reservation> reservations(const event::order& of);

}  // namespace cartrelay::destinations::rokt
