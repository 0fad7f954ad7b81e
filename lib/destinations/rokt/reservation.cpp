#include "destinations/rokt/reservation.hpp"

#include "destinations/mapping.hpp"

#include <algorithm>

namespace cartrelay::destinations::rokt {

std::vector<reservation> reservations(const event::order& of) {
  constexpr std::string_view vendor = "rokt";
  std::vector<reservation> out;
  if (!of.items) return out;
  for (std::size_t index = 0; index < of.items->size(); ++index) {
    const auto& item = (*of.items)[index];
    if (std::none_of(item.refs.begin(), item.refs.end(),
                     [&](const event::ref& each) { return each.vendor == vendor; }))
      continue;
    const auto ref = [&](std::string_view member) {
      return unless_empty(event::find_ref(item.refs, vendor, member));
    };
    out.push_back({index, &item, ref("cart_item_id"), ref("reservation_id"), ref("catalog_item_id")});
  }
  return out;
}

}  // namespace cartrelay::destinations::rokt
