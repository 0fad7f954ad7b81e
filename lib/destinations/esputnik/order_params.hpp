#pragma once

#include "destinations/esputnik/identity.hpp"
#include "destinations/esputnik/local_time.hpp"
#include "destinations/esputnik/params.hpp"

#include <string_view>

namespace cartrelay::destinations::esputnik {

struct order_rules {
  local_time dates;
  bool products_param = true;  ///< the items a second time as `products`, where mail templates find them
};

/// The parameters of an order event, after those that identify the contact.
void add_order(params& out, const event::event& what, const identity& who, const order_rules& rules);

/// The vendor drops an `orderCreated` that lacks one of its required parameters without a word: the name of
/// the first that is missing, or empty.
[[nodiscard]] std::string_view missing_in_created(const event::event& what, const identity& who,
                                                  const order_rules& rules);

}  // namespace cartrelay::destinations::esputnik
