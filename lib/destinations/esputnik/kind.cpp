#include "destinations/esputnik/kind.hpp"

namespace cartrelay::destinations {
namespace {

options default_options() {
  using event::event_type;
  options out;
  out.kind = "esputnik";
  out.events = {event_type::page_viewed,     event_type::category_viewed,   event_type::product_viewed,
                event_type::cart_item_added, event_type::cart_item_removed, event_type::cart_updated,
                event_type::cart_deleted,    event_type::order_created,     event_type::order_updated,
                event_type::order_paid,      event_type::order_delivered,   event_type::order_cancelled};
  out.url = "https://esputnik.com/api";
  return out;
}

std::vector<setting_description> own_settings() {
  using type = setting_description::type;
  return {
      {"time_zone", type::text, false, std::string("UTC"), "IANA zone in which orders are dated"},
      {"products_param", type::boolean, false, true,
       "send an order's items a second time as `products`, which mail templates can show"},
      {"import_contacts", type::boolean, false, true,
       "create the contact before its first order event: the vendor drops events of contacts it does not "
       "know"},
  };
}

}  // namespace

const kind& esputnik_kind() {
  static const kind description{"esputnik", default_options(), kind::secret_need::required, own_settings(),
                                nullptr};
  return description;
}

}  // namespace cartrelay::destinations
