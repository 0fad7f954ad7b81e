#include "destinations/esputnik/kind.hpp"

#include "destinations/esputnik/destination.hpp"
#include "destinations/settings.hpp"

#include <fmt/format.h>

#include <utility>

namespace cartrelay::destinations {
namespace {

made_destination make(const options& given) {
  setting_faults found;
  check_url(given, found);
  check_secret(given, found);
  check_events(given, event::all_event_types, found);
  const auto& zone = setting<std::string>(given, "time_zone");
  const auto dates = esputnik::local_time::of(zone);
  if (!dates)
    found.add("time_zone", fmt::format("\"{}\" is no zone that this system knows (package tzdata)", zone));
  if (!found.empty()) return found;
  esputnik::account where{given.url,
                          given.secret,
                          {*dates, setting<bool>(given, "products_param")},
                          setting<bool>(given, "import_contacts")};
  return std::make_unique<esputnik::contact_destination>(std::move(where));
}

options defaults() {
  options out;
  out.events.assign(event::all_event_types.begin(), event::all_event_types.end());
  out.url = "https://esputnik.com/api";
  return out;
}

std::vector<setting_description> own_settings() {
  using type = setting_description::type;
  return {
      {"time_zone", type::text, false, std::string("UTC"), "the IANA zone in which orders are dated"},
      {"products_param", type::boolean, false, true,
       "send an order's items a second time as `products`, which mail templates can show"},
      {"import_contacts", type::boolean, false, true,
       "create a contact before its first order: the vendor drops events of contacts it does not know"},
  };
}

}  // namespace

const kind& esputnik_kind() {
  static const kind one{"esputnik", defaults(), kind::secret_need::required, own_settings(),
                        &make,      {},         {"recycle_state_id"}};
  return one;
}

}  // namespace cartrelay::destinations
