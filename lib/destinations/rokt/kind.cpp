#include "destinations/rokt/kind.hpp"

#include "destinations/mapping.hpp"
#include "destinations/rokt/attempt.hpp"
#include "destinations/rokt/confirmation_body.hpp"
#include "destinations/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cartrelay::destinations {
namespace {

using event::event_type;
using rokt::reservation;

event::text session_id(const event::event& what) {
  return unless_empty(event::find_ref(what.data.refs, "rokt", "session_id"));
}

/// A locale, neutral or with its country, is what Rokt expects (vendor's page, Accept-Language): it begins
/// with a language of two or three letters, unlike tags for private use (`x-…`) and some that were registered
/// whole (`i-…`).
event::text locale_of(const event::event& what) {
  for (const auto& tag : {session_language(what), customer_language(what)}) {
    const auto first = tag ? std::min(tag->find('-'), tag->size()) : 0;
    if (first == 2 || first == 3) return tag;
  }
  return {};
}

screening lacks(const reservation& one, std::string_view member) {
  return unmappable(fmt::format("/data/order/items/{}/refs/rokt/{}: not there", one.index, member));
}

screening screen_items(const event::event& what, const std::vector<reservation>& items) {
  for (const auto& one : items) {
    if (!one.cart_item_id) return lacks(one, "cart_item_id");
    if (!one.reservation_id) return lacks(one, "reservation_id");
  }
  const auto session = session_id(what);
  if (!session) return unmappable("/data/refs/rokt/session_id: not there, and items need it");
  if (!http::is_valid_field_value(*session))
    return unmappable("/data/refs/rokt/session_id: holds characters that cannot stand in an HTTP header");
  return {};
}

/// What no attempt was made for stays as it is, so that a person can decide.
judgement unreadable(std::string memo) {
  judgement out;
  out.what = verdict::reject;
  out.reason = "memo_unreadable";
  out.detail =
      "which items an earlier attempt confirmed cannot be read, and confirming twice may fulfil twice";
  out.memo = std::move(memo);
  return out;
}

void add_if_valid(http::fields& headers, std::string name, const event::text& value) {
  if (value && !value->empty() && http::is_valid_field_value(*value))
    headers.add(std::move(name), std::string(*value));
}

class rokt_destination final : public destination {
 public:
  explicit rokt_destination(const options& given)
      : url_(join_url(given.url, "/v1/Cart/confirm")),
        secret_(given.secret),
        tag_id_(setting<std::string>(given, "tag_id")),
        confirm_without_items_(setting<bool>(given, "confirm_without_items")) {}

  [[nodiscard]] screening screen(const event::event& what) const override {
    if (what.type != event_type::order_paid) return not_for_this_kind(what);
    const auto items = rokt::reservations(*what.data.order);
    if (!items.empty()) return screen_items(what, items);
    if (!confirm_without_items_) return skip("no_items", "no item carries refs.rokt");
    return {};
  }

  [[nodiscard]] std::vector<std::string> order_keys(const event::event& what) const override {
    return {what.data.order ? order_key(*what.data.order) : lone_key(what)};
  }

  [[nodiscard]] std::unique_ptr<delivery> begin(std::vector<delivery_event> events,
                                                memory /*known*/) override {
    auto& [what, memo] = events.front();
    const auto& order = *what->data.order;
    auto items = rokt::reservations(order);
    const auto before = memo.empty() ? everything(items) : rokt::decode(memo);
    if (!before) return std::make_unique<single_request>(unreadable(std::move(memo)));
    std::erase_if(items, [&](const reservation& one) {
      return std::find(before->open.begin(), before->open.end(), one.index) == before->open.end();
    });
    auto request = json_request("POST", url_, rokt::body(order, items));
    add_headers(request.headers, *what);
    return std::make_unique<rokt::attempt>(std::move(request), secret_, what, std::move(items), *before);
  }

 private:
  static std::optional<rokt::progress> everything(const std::vector<reservation>& items) {
    rokt::progress out;
    for (const auto& one : items)
      out.open.push_back(one.index);
    return out;
  }

  void add_headers(http::fields& headers, const event::event& what) const {
    headers.add("rokt-api-key", secret_.reveal());
    headers.add("rokt-tag-id", tag_id_);
    add_if_valid(headers, "rokt-session-id", session_id(what));
    add_if_valid(headers, "Accept-Language", locale_of(what));
  }

  std::string url_;
  base::secret secret_;
  std::string tag_id_;
  bool confirm_without_items_;
};

made_destination make(const options& given) {
  constexpr std::array can{event_type::order_paid};
  setting_faults found;
  check_url(given, found);
  check_secret(given, found);
  check_events(given, can, found);
  check_header_value("tag_id", setting<std::string>(given, "tag_id"), found);
  if (!found.empty()) return found;
  return std::make_unique<rokt_destination>(given);
}

options defaults() {
  options out;
  out.events = {event_type::order_paid};
  out.on_in_doubt = on_in_doubt::dead_letter;
  return out;
}

}  // namespace

const kind& rokt_kind() {
  using type = setting_description::type;
  static const kind one{
      "rokt",
      defaults(),
      kind::secret_need::required,
      {{"tag_id", type::text, true, std::string(), "the tag id that Rokt gave the account"},
       {"confirm_without_items", type::boolean, false, true,
        "also tell Rokt of paid orders that hold none of its items"}},
      &make,
      {},
      {"session_id", "cart_item_id", "reservation_id", "catalog_item_id", "paypal_order_id", "merchant_id"}};
  return one;
}

}  // namespace cartrelay::destinations
