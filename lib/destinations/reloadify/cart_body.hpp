#pragma once

#include "event/types.hpp"

#include <string>
#include <string_view>

namespace cartrelay::destinations::reloadify {

/// The body of the call that creates or updates a cart: `{"shopping_cart":{…}}`. What is not known is left
/// out; the price is a string, times stand as the shop wrote them.
[[nodiscard]] std::string cart_body(const event::cart& cart, std::string_view profile_id);

}  // namespace cartrelay::destinations::reloadify
