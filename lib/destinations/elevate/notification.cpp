#include "destinations/elevate/notification.hpp"

#include "base/json_writer.hpp"
#include "destinations/mapping.hpp"

namespace cartrelay::destinations::elevate {
namespace {

constexpr std::string_view vendor = "elevate";

event::text ticket(const event::event& what) {
  if (!what.data.item) return std::nullopt;
  return unless_empty(event::find_ref(what.data.item->refs, vendor, "ticket"));
}

event::text visitor_ref(const event::event& what, std::string_view member) {
  return unless_empty(event::find_ref(what.data.refs, vendor, member));
}

event::text market(const event::event& what, std::string_view fallback) {
  const auto own = market_of(what);
  return own ? own : unless_empty(fallback);
}

}  // namespace

event::text session_key(const event::event& what) {
  if (auto key = visitor_ref(what, "session_key")) return key;
  return what.data.session ? unless_empty(what.data.session->id) : event::text();
}

screening screen(const event::event& what, std::string_view fallback_market) {
  if (what.type != event::event_type::cart_item_added) return not_for_this_kind(what);
  if (!ticket(what))
    return skip("no_ticket", "/data/item/refs/elevate/ticket: not there, so no Elevate product");
  if (!visitor_ref(what, "customer_key"))
    return skip("no_customer_key", "/data/refs/elevate/customer_key: not there");
  if (!session_key(what))
    return skip("no_session_key", "/data/refs/elevate/session_key: not there, nor /data/session/id");
  if (!market(what, fallback_market))
    return skip("no_market", "/data/session/market: not there, nor is the setting `market`");
  return {};
}

std::string body(const event::event& what, std::string_view fallback_market) {
  std::string json;
  base::json_writer out(json);
  out.begin_object().member("market", *market(what, fallback_market));
  out.member("customerKey", *visitor_ref(what, "customer_key")).member("sessionKey", *session_key(what));
  out.member("id", event_uuid(what));
  write_optional(out, "token", visitor_ref(what, "token"));
  out.member("ticket", *ticket(what)).end_object();
  return json;
}

}  // namespace cartrelay::destinations::elevate
