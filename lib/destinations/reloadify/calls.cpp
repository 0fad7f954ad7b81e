#include "destinations/reloadify/calls.hpp"

#include "base/text.hpp"
#include "destinations/settings.hpp"
#include "destinations/single_request.hpp"

#include <utility>

namespace cartrelay::destinations::reloadify {
namespace {

http::request bare(std::string method, std::string url) {
  http::request out;
  out.method = std::move(method);
  out.target = std::move(url);
  out.headers.add("Accept", "application/json");
  return out;
}

}  // namespace

bool fits_path(std::string_view segment) noexcept {
  return !segment.empty() && segment != "." && segment != "..";
}

calls::calls(std::string_view base_url, std::string_view language, std::string_view cart_id)
    : carts_(join_url(base_url, "/v2/languages/" + base::percent_encode(language) + "/shopping_carts")),
      cart_(carts_ + "/" + base::percent_encode(cart_id)) {}

http::request calls::put_cart(std::string body) const {
  return json_request("PUT", carts_, std::move(body));
}

http::request calls::delete_cart() const {
  return bare("DELETE", cart_);
}

http::request calls::list_products() const {
  return bare("GET", cart_ + "/products");
}

http::request calls::put_product(std::string_view id) const {
  return bare("PUT", cart_ + "/products/" + base::percent_encode(id));
}

http::request calls::delete_product(std::string_view id) const {
  return bare("DELETE", cart_ + "/products/" + base::percent_encode(id));
}

}  // namespace cartrelay::destinations::reloadify
