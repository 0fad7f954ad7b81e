#pragma once

#include "destinations/delivery.hpp"
#include "event/types.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::destinations::reloadify {

/// The ids of the products that stand in a cart at the vendor: a set, since its calls that add and remove a
/// product know no quantity (its page on shopping carts).
using product_set = std::set<std::string, std::less<>>;

/// Under which key of the destination's memory a cart's products stand.
[[nodiscard]] std::string memory_key(std::string_view language, std::string_view cart_id);
/// The memory's value: a JSON array of ids, ascending.
[[nodiscard]] std::string encode(const product_set& products);
/// Instead of the array: the cart was put there, and nobody knows what it holds.
inline constexpr std::string_view unknown_products = "null";
/// Nothing if it is not such an array: then the products are unknown.
[[nodiscard]] std::optional<product_set> decode(std::string_view value);

/// The vendor's list of a cart's products, `{"data":[{"id":"…"}]}`. Nothing if the body is anything else. Ids
/// that no path can hold are passed over: a call to remove one would remove the cart.
[[nodiscard]] std::optional<product_set> read_list(std::string_view body);

/// What has to be called for `held` to become what the items name: each id once, new ones in the items'
/// order. The ids are views into both.
struct difference {
  std::vector<std::string_view> put, remove;
};
[[nodiscard]] product_set products_of(const std::vector<event::item>& items);
[[nodiscard]] difference compare(const product_set& held, const std::vector<event::item>& wanted);

}  // namespace cartrelay::destinations::reloadify
