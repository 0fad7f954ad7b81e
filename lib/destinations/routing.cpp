#include "destinations/routing.hpp"

#include "base/text.hpp"
#include "destinations/mapping.hpp"

#include <algorithm>

namespace cartrelay::destinations {
namespace {

bool holds(const std::vector<std::string>& wanted, const event::text& given) {
  if (wanted.empty()) return true;
  return given && std::find(wanted.begin(), wanted.end(), *given) != wanted.end();
}

/// RFC 4647 basic filtering: a range is the tag, or its first subtags.
bool covers(std::string_view range, std::string_view tag) {
  if (range.size() > tag.size() || !base::equals_ignoring_case(range, tag.substr(0, range.size())))
    return false;
  return range.size() == tag.size() || tag[range.size()] == '-';
}

bool speaks(const std::vector<std::string>& wanted, const event::text& given) {
  if (wanted.empty()) return true;
  return given && std::any_of(wanted.begin(), wanted.end(),
                              [&](const std::string& range) { return covers(range, *given); });
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
