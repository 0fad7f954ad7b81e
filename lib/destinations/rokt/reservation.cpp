#include "destinations/rokt/reservation.hpp"

#include "destinations/mapping.hpp"

namespace cartrelay::destinations::rokt {

std::vector<reservation> reservations(const event::order& of) {
  static const std::string vendor = "rokt";
  std::vector<reservation> out;
  if (!of.items) return out;
  for (std::size_t index = 0; index < of.items->size(); ++index) {
    const auto& item = (*of.items)[index];
    const auto found = item.refs.find(vendor);
    if (found == item.refs.end() || found->second.empty()) continue;
    const auto ref = [&](const char* member) {
      return unless_empty(event::find_ref(item.refs, vendor, member));
    };
    out.push_back({index, &item, ref("cart_item_id"), ref("reservation_id"), ref("catalog_item_id")});
  }
  return out;
}

}  // namespace cartrelay::destinations::rokt
