#include "sandbox/rokt.hpp"

#include "base/number.hpp"
#include "base/uuid.hpp"

#include <set>

namespace cartrelay::sandbox {
namespace {

http::response refusal(int status, std::string_view description, std::string_view code,
                       const violations& found) {
  std::string body;
  base::json_writer out(body);
  out.begin_object().member("description", description).key("errors").begin_array();
  for (const violation& one : found) {
    out.begin_object().member("code", code);
    out.member("message", one.where.empty() ? one.what : one.where + ' ' + one.what);
    out.key("value").begin_object();
    if (!one.text.empty()) out.member("got", one.text);
    out.end_object().end_object();
  }
  out.end_array().end_object();
  return http::json_response(status, std::move(body));
}

http::response refusal(int status, std::string_view description) {
  return refusal(status, description, "", {});
}

/// Headers that are there must be right, and some must be there.
void check_headers(const http::request& request, violations& found) {
  if (!is_json(request)) found.push_back({"Content-Type", "must be application/json", {}});
  const auto accept = request.headers.find("accept");
  if (accept && accept->find("application/json") == std::string_view::npos &&
      accept->find("*/*") == std::string_view::npos) {
    found.push_back({"Accept", "must be application/json", std::string(*accept)});
  }
  const auto tag = request.headers.find("rokt-tag-id");
  if (!tag || tag->empty()) found.push_back({"rokt-tag-id", "is missing", {}});
  const auto language = request.headers.find("accept-language");
  if (language && !forms::locale_list.holds(*language)) {
    found.push_back({"Accept-Language", "must be a locale", std::string(*language)});
  }
}

/// Without zeros that say nothing, as base::multiply() has it.
std::string_view shortest(std::string_view decimal) {
  if (decimal.find('.') == std::string_view::npos) return decimal;
  decimal = decimal.substr(0, decimal.find_last_not_of('0') + 1);
  if (decimal.ends_with('.')) decimal.remove_suffix(1);
  return decimal;
}

/// The sums are checked apart, since a wrong one is not malformed.
void check_item(const value& what, std::string where, violations& malformed, violations& wrong) {
  shape item(what, std::move(where), malformed);
  item.string("cartItemId", need::required);
  item.string("itemReservationId", need::required);
  item.string("catalogItemId", need::optional);
  item.string("currency", need::required, forms::currency);
  const std::string* quantity = item.number("quantity", need::required, forms::measure);
  const std::string* unit = item.number("unitPrice", need::required, forms::amount);
  const std::string* total = item.number("totalPrice", need::required, forms::decimal);
  item.nothing_else();
  if (quantity == nullptr || unit == nullptr || total == nullptr) return;
  const auto price = base::decimal::parse(*unit);
  const auto count = base::number::parse(*quantity);
  if (!price || !count || shortest(*total) != base::multiply(*price, *count)) {
    wrong.push_back({item.path("totalPrice"), "must be unitPrice times quantity", *total});
  }
}

void check_attributes(shape& top, violations& malformed) {
  const value* attributes = top.object("attributes", need::optional);
  if (attributes == nullptr) return;
  shape(*attributes, "attributes", malformed).only_strings_else();
}

void check_body(const value& body, const http::request& request, violations& malformed, violations& wrong) {
  shape top(body, "", malformed);
  top.string("cartId", need::required);
  top.string("orderId", need::required);
  top.string("payPalOrderId", need::optional);
  top.string("merchantId", need::optional);
  check_attributes(top, malformed);
  const value* items = top.array("items", need::required);
  top.nothing_else();
  if (items == nullptr) return;
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < items->elements.size(); ++i) {
    const std::string where = element_path("items", i);
    check_item(items->elements[i], where, malformed, wrong);
    const std::string_view id = items->elements[i].text_of("cartItemId");
    if (!id.empty() && !seen.insert(id).second)
      wrong.push_back({where + ".cartItemId", "stands twice", std::string(id)});
  }
  const auto session = request.headers.find("rokt-session-id");
  if (!items->elements.empty() && (!session || session->empty())) {
    malformed.push_back({"rokt-session-id", "is missing, and needed where there are items", {}});
  }
}

}  // namespace

answer rokt::receive(const call& incoming) {
  if (!path_is(incoming, {"v1", "Cart", "confirm"})) return {refusal(404, "Not found")};
  if (incoming.request.method != "POST") return {with_allow(refusal(405, "Use POST"), "POST")};
  const auto key = incoming.request.headers.find("rokt-api-key");
  if (!key || !accepts(incoming.settings, *key)) {
    return {refusal(401, "Unauthorized", "unauthorized", {{"rokt-api-key", "is missing or wrong", {}}})};
  }
  violations malformed;
  violations wrong;
  check_headers(incoming.request, malformed);
  const auto body = parse_document(incoming.request.body);
  if (body) {
    check_body(*body, incoming.request, malformed, wrong);
  } else {
    malformed.push_back({"", body.error(), {}});
  }
  if (!malformed.empty()) return {refusal(400, "Bad request", "invalid_request", malformed)};
  if (!wrong.empty()) return {refusal(422, "Unprocessable entity", "unprocessable", wrong)};
  return {confirm(incoming, *body)};
}

http::response rokt::confirm(const call& incoming, const value& body) {
  const std::string_view order_id = body.text_of("orderId");
  order& record = orders_[std::string(order_id)];
  if (record.times > 0) ++repeated_orders_;
  ++record.times;
  record.json = to_json(body);
  const auto& items = body.find("items")->elements;
  std::string text;
  base::json_writer out(text);
  out.begin_object()
      .member("cartId", body.text_of("cartId"))
      .member("orderId", order_id)
      .key("items")
      .begin_array();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string_view reservation = items[i].text_of("itemReservationId");
    if (reservation.find("missing") != std::string_view::npos) {
      ++refused_items_;
      continue;
    }
    const bool second_half = incoming.only_half && i >= items.size() / 2;
    confirm_item(items[i], order_id, second_half || reservation.find("refused") != std::string_view::npos,
                 out);
  }
  out.end_array().end_object();
  return http::json_response(200, std::move(text));
}

void rokt::confirm_item(const value& what, std::string_view order_id, bool refused, base::json_writer& out) {
  const std::string_view cart_item = what.text_of("cartItemId");
  const std::string_view reservation = what.text_of("itemReservationId");
  out.begin_object().member("cartItemId", cart_item).member("itemReservationId", reservation);
  if (refused) {
    ++refused_items_;
    out.member("success", false).end_object();
    return;
  }
  item& record = items_[std::string(reservation) + '/' + std::string(cart_item)];
  if (record.confirmations > 0) ++double_fulfilments_;
  ++confirmed_;
  ++record.confirmations;
  record.order_id = order_id;
  record.confirmation_id = base::uuid_v4();
  out.member("itemConfirmationId", record.confirmation_id);
  out.member("itemConfirmationUrl", "https://confirmation.example/" + record.confirmation_id);
  out.member("success", true).end_object();
}

void rokt::write_counters(base::json_writer& out) const {
  out.member("items_confirmed", confirmed_).member("items_refused", refused_items_);
  out.member("double_fulfilments", double_fulfilments_).member("repeated_orders", repeated_orders_);
  out.member("forgotten", items_.dropped() + orders_.dropped());
}

void rokt::write_state(base::json_writer& out) const {
  out.key("items").begin_object();
  items_.for_each([&](const std::string& name, const item& one) {
    out.key(name).begin_object().member("confirmations", one.confirmations).member("order_id", one.order_id);
    out.member("confirmation_id", one.confirmation_id).end_object();
  });
  out.end_object().key("orders").begin_object();
  orders_.for_each([&](const std::string& id, const order& one) {
    out.key(id).begin_object().member("times", one.times).key("request").raw(one.json).end_object();
  });
  out.end_object();
}

}  // namespace cartrelay::sandbox
