#pragma once

#include "tests/unit/destinations/support.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

/// A shop with one language, `en`, and a fixed token; and what its events are mostly like.
namespace cartrelay::destinations::reloadify::test {

using destinations::test::answer;
using destinations::test::attempt_log;
using destinations::test::compact;
using destinations::test::failed;
using destinations::test::header;
using destinations::test::make_destination;
using destinations::test::make_event;
using destinations::test::now;
using destinations::test::options_of;
using destinations::test::run;

inline const std::string carts = "https://app.reloadify.com/api/v2/languages/en/shopping_carts";

inline options shop_options(settings own = {}) {
  own.try_emplace("language", std::string("en"));
  return options_of("reloadify", own);
}

inline std::unique_ptr<destination> shop(const settings& own = {}) {
  return make_destination(shop_options(own));
}

/// With OAuth2 client credentials instead of the token.
inline std::unique_ptr<destination> oauth_shop() {
  auto given = shop_options({{"client_id", std::string("shop-1")}, {"client_secret", base::secret("t0p")}});
  given.secret = {};
  return make_destination(given);
}

/// `["a","b"]` → the items of a cart.
inline std::string items(const std::vector<std::string>& ids) {
  std::string out;
  for (const auto& id : ids)
    out += fmt::format(R"({}{{"product_id":"{}"}})", out.empty() ? "" : ",", id);
  return "[" + out + "]";
}

inline event::event_ptr snapshot(const std::vector<std::string>& ids, std::string_view session = {}) {
  return make_event("cart.updated",
                    fmt::format(R"({{{}"customer":{{"id":"c-1"}},"cart":{{"id":"k-1","items":{}}}}})",
                                session, items(ids)));
}

inline event::event_ptr item_event(std::string_view type, std::string_view id) {
  return make_event(
      type,
      fmt::format(R"({{"customer":{{"id":"c-1"}},"cart":{{"id":"k-1"}},"item":{{"product_id":"{}"}}}})", id));
}

/// `METHOD path-after-the-carts` of each call.
inline std::vector<std::string> lines(const std::vector<http::request>& calls) {
  std::vector<std::string> out;
  for (const auto& one : calls) {
    const bool ours = one.target.starts_with(carts);
    out.push_back(one.method + " " + (ours ? one.target.substr(carts.size()) : one.target));
  }
  return out;
}

inline std::string body_of(const event::event_ptr& what, const settings& own = {}) {
  const auto where = shop(own);
  const auto attempt =
      where->begin({{what, {}}}, {{std::string("cart-products:en/").append(what->data.cart->id), "[]"}});
  return attempt->next(now)->body;
}

}  // namespace cartrelay::destinations::reloadify::test
