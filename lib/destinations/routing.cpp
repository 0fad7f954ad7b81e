#include "destinations/routing.hpp"

#include "destinations/mapping.hpp"

#include <algorithm>

namespace cartrelay::destinations {
namespace {

bool holds(const std::vector<std::string>& wanted, const event::text& given) {
  if (wanted.empty()) return true;
  return given && std::find(wanted.begin(), wanted.end(), *given) != wanted.end();
}

bool speaks(const std::vector<std::string>& wanted, const event::text& given) {
  if (wanted.empty()) return true;
  return given && std::any_of(wanted.begin(), wanted.end(),
                              [&](const std::string& range) { return language_covers(range, *given); });
}

}  // namespace

bool wants(const options& destination, const event::event& what) {
  if (!destination.enabled) return false;
  const auto& types = destination.events;
  if (std::find(types.begin(), types.end(), what.type) == types.end()) return false;
  const auto& filter = destination.filter;
  return holds(filter.source, what.source) && holds(filter.market, market_of(what)) &&
         speaks(filter.language, language_of(what));
}

}  // namespace cartrelay::destinations
