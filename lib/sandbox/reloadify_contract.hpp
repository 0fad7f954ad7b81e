#pragma once

#include "base/time.hpp"
#include "http/message.hpp"
#include "sandbox/shape.hpp"

#include <optional>

namespace cartrelay::sandbox {

/// `{"shopping_cart": {…}}` held against the contract; the inner object if it is there.
[[nodiscard]] const value* check_shopping_cart(const value& body, violations& found);

/// What a listing is asked for.
struct cart_query {
  std::uint64_t page = 1;
  std::uint64_t per_page = 10;
  std::optional<base::timestamp> created_after, created_before, updated_after, updated_before;

  [[nodiscard]] bool wants(base::timestamp created, base::timestamp updated) const;
};
[[nodiscard]] cart_query check_cart_query(const http::request& request, violations& found);

}  // namespace cartrelay::sandbox
