#include "destinations/esputnik/kind.hpp"

#include "destinations/esputnik/destination.hpp"
#include "destinations/settings.hpp"

#include <utility>

namespace cartrelay::destinations {
namespace {

base::result<std::unique_ptr<destination>> make(const options& given) {
  for (const auto& check :
       {check_url(given), check_secret(given), check_events(given, event::all_event_types)})
    if (!check) return check.error();
  auto dates = esputnik::local_time::of(setting<std::string>(given, "time_zone"));
  if (!dates) return dates.error();
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
