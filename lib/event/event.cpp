#include "event/event.hpp"

namespace cartrelay::event {

text find_ref(const refs& from, const std::string& vendor, const std::string& member) {
  const auto members = from.find(vendor);
  if (members == from.end()) return std::nullopt;
  const auto value = members->second.find(member);
  if (value == members->second.end()) return std::nullopt;
  return value->second;
}

text event::ref(const std::string& vendor, const std::string& member) const {
  if (auto found = find_ref(data.refs, vendor, member)) return found;
  if (data.order)
    if (auto found = find_ref(data.order->refs, vendor, member)) return found;
  if (data.cart) return find_ref(data.cart->refs, vendor, member);
  return std::nullopt;
}

}  // namespace cartrelay::event
