#pragma once

#include "http/message.hpp"

#include <string>
#include <string_view>

namespace cartrelay::destinations::reloadify {

/// A path segment `.` or `..` is resolved away, encoded or not, and an empty one may be: the call would reach
/// something else.
[[nodiscard]] bool fits_path(std::string_view segment) noexcept;

/// The vendor's calls on one cart, under `{url}/v2/languages/{language}/shopping_carts` (its page on shopping
/// carts). Ids go into the path percent-encoded. The requests lack their Authorization.
class calls {
 public:
  calls(std::string_view base_url, std::string_view language, std::string_view cart_id);

  [[nodiscard]] http::request put_cart(std::string body) const;
  [[nodiscard]] http::request delete_cart() const;
  [[nodiscard]] http::request list_products() const;
  [[nodiscard]] http::request put_product(std::string_view id) const;
  [[nodiscard]] http::request delete_product(std::string_view id) const;

 private:
  std::string carts_, cart_;
};

}  // namespace cartrelay::destinations::reloadify
