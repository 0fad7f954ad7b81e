#include "tests/fuzz/vendors.hpp"

#include "destinations/registry.hpp"
#include "event/parse.hpp"
#include "http/request_text.hpp"
#include "tests/fuzz/promise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

namespace cartrelay::fuzz {
namespace {

using destinations::options;

struct variant {
  std::string_view kind;
  std::function<void(options&)> change;
};

const std::vector<variant>& variants() {
  static const std::vector<variant> all{
      {"releva", [](options&) {}},
      {"reloadify", [](options& o) { o.own["language"] = std::string("bg"); }},
      {"reloadify",
       [](options& o) {
         o.secret = {};
         o.own["client_id"] = std::string("client");
         o.own["client_secret"] = base::secret(hidden_secret);
         o.own["languages"] = std::vector<std::string>{"bg", "en"};
         o.own["delete_cart_on_order_paid"] = true;
       }},
      {"elevate", [](options& o) { o.own["market"] = std::string("BG"); }},
      {"esputnik", [](options& o) { o.own["time_zone"] = std::string("Europe/Sofia"); }},
      {"esputnik",
       [](options& o) {
         o.own["products_param"] = false;
         o.own["import_contacts"] = false;
       }},
      {"rokt", [](options& o) { o.own["tag_id"] = std::string("tag"); }},
  };
  return all;
}

constexpr std::string_view item =
    R"({"product_id":"P-1","variant_id":"P-1-M","name":"Пуловер","category":"knit",
  "currency":"BGN","url":"https://shop.example/p","image_url":"https://shop.example/i.png","description":"warm",
  "quantity":2,"unit_price":89.90,"discount":1.5,"in_stock":true,"attributes":{"size":"M","n":1.50,"a":["x","y"]},
  "refs":{"rokt":{"cart_item_id":"ci-1","reservation_id":"r-1","catalog_item_id":"k-1"}}})";
constexpr std::string_view other = R"({"product_id":"P-2","quantity":1,"unit_price":"10.00",
  "refs":{"rokt":{"cart_item_id":"ci-2","reservation_id":"r-2"}}})";

std::string members_of(event::event_type type) {
  const auto items = fmt::format("[{},{}]", item, other);
  if (event::is_order(type))
    return fmt::format(
        R"("order":{{"id":"o-1","currency":"BGN","cart_id":"c-1","status":"paid","delivery_method":"courier",
           "payment_method":"card","delivery_address":"Sofia","restore_url":"https://shop.example/r","total":189.80,
           "shipping":5,"discount":0.5,"taxes":20,"items":{},"placed_at":"2026-11-21T09:59:00+02:00",
           "attributes":{{"gift":true}},"refs":{{"rokt":{{"paypal_order_id":"pp","merchant_id":"m"}}}}}})",
        items);
  if (event::is_cart(type)) {
    const auto cart = fmt::format(
        R"("cart":{{"id":"c-1","currency":"BGN","total":189.80,"recovery_url":"https://shop.example/c",
           "recovery_token":"t","items":{},"created_at":"2026-11-21T09:00:00Z","updated_at":"2026-11-21T09:59:00Z"}})",
        items);
    const bool names_item =
        type == event::event_type::cart_item_added || type == event::event_type::cart_item_removed;
    return names_item ? fmt::format(R"({},"item":{})", cart, item) : cart;
  }
  if (type == event::event_type::product_viewed) return R"("product":{"product_id":"P-1","name":"Пуловер"})";
  if (type == event::event_type::category_viewed) return R"("category":{"id":"knit","name":"Плетива"})";
  return R"("page":{"url":"https://shop.example/"})";
}

event::event_ptr make_event(event::event_type type) {
  const auto json = fmt::format(
      R"({{"specversion":"1.0","id":"e-{0}","source":"shop/bg","type":"{0}","time":"2026-11-21T10:00:00Z","data":{{
      "customer":{{"id":"17","email":"maria@shop.example","phone":"+359888123456","first_name":"Мария",
      "last_name":"И","language":"bg"}},"session":{{"id":"s-1","market":"BG","language":"bg-BG"}},{1},
      "refs":{{"rokt":{{"session_id":"rs-1"}},"esputnik":{{"recycle_state_id":"x"}},
      "elevate":{{"customer_key":"11111111-1111-4111-8111-111111111111",
      "session_key":"22222222-2222-4222-8222-222222222222","token":"t","ticket":"ticket-1"}}}}}}}})",
      event::to_string(type), members_of(type));
  auto parsed =
      event::parse_body(json, event::encoding::structured, 1, now(), {{}, destinations::known_refs()});
  require(parsed.has_value(), "the samples are events", parsed ? "" : parsed.error().list.front().pointer);
  return std::make_shared<const event::event>(std::move(parsed->front()));
}

/// As in `https://host:port/`: nothing that an event or an answer says may lead elsewhere.
std::string_view origin_of(std::string_view url) {
  const auto host = url.find("://") + 3;
  return url.substr(0, url.find_first_of("/?#", host));
}

}  // namespace

base::timestamp now() {
  static const auto at = *base::parse_rfc3339("2026-11-21T10:00:00Z");
  return at;
}

std::size_t vendor_count() {
  return variants().size();
}

vendor make_vendor(unsigned which) {
  const auto& chosen = variants()[which % variants().size()];
  const auto* kind = destinations::find_kind(chosen.kind);
  vendor out;
  out.given = kind->defaults;
  out.given.name = out.given.kind = chosen.kind;
  if (kind->secret != destinations::kind::secret_need::none) out.given.secret = base::secret(hidden_secret);
  if (out.given.url.empty()) out.given.url = "https://vendor.example/base";
  for (const auto& one : kind->settings)
    out.given.own[std::string(one.name)] = one.fallback;
  chosen.change(out.given);
  out.where = kind->make(out.given).value();
  return out;
}

std::span<const event::event_ptr> full_events() {
  static const auto all = [] {
    std::vector<event::event_ptr> out;
    for (const auto type : event::all_event_types)
      out.push_back(make_event(type));
    return out;
  }();
  return all;
}

void check_request(const http::request& made, const options& given) {
  const auto where = http::parse_url(made.target);
  require(where && http::write_request(made, host_field(*where), where->path),
          "a kind's requests can be sent", made.target);
  auto origin = origin_of(given.url);
  const auto token_url = given.own.find("token_url");
  if (made.body.find("client_credentials") != std::string::npos && token_url != given.own.end())
    origin = origin_of(std::get<std::string>(token_url->second));
  require(origin_of(made.target) == origin, "a request goes to the destination's own host", made.target);
  require(made.body.empty() || is_json(made.body), "a request's body is JSON", made.body);
}

}  // namespace cartrelay::fuzz
