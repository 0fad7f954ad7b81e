#include "destinations/registry.hpp"

#include "destinations/elevate/kind.hpp"
#include "destinations/esputnik/kind.hpp"
#include "destinations/releva/kind.hpp"
#include "destinations/reloadify/kind.hpp"
#include "destinations/rokt/kind.hpp"

#include <algorithm>
#include <array>

namespace cartrelay::destinations {

std::span<const kind> kinds() {
  static const std::array all{releva_kind(), reloadify_kind(), elevate_kind(), esputnik_kind(), rokt_kind()};
  return all;
}

const kind* find_kind(std::string_view name) {
  const auto all = kinds();
  const auto found = std::find_if(all.begin(), all.end(), [&](const kind& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

event::vocabulary known_refs() {
  event::vocabulary out;
  for (const auto& one : kinds())
    if (!one.refs.empty()) out.emplace(one.name, one.refs);
  return out;
}

}  // namespace cartrelay::destinations
