#include "dispatch/key_chains.hpp"

#include <algorithm>

namespace cartrelay::dispatch {

key_chains::chain::iterator key_chains::place_of(const pending_event& what, chain& links) {
  auto place = links.end();
  while (place != links.begin() && !(*(place - 1))->in_flight && (*(place - 1))->number > what.number)
    --place;
  return place;
}

key_chains::few key_chains::add(pending_event& what) {
  few behind;
  for (const auto key : what.plan.keys()) {
    auto& links = chains_[key];
    const auto place = place_of(what, links);
    if (place != links.end()) behind.push_back(*place);
    links.insert(place, &what);
  }
  return behind;
}

bool key_chains::leads(const pending_event& what) const {
  const auto keys = what.plan.keys();
  return std::all_of(keys.begin(), keys.end(),
                     [&](std::uint64_t key) { return chains_.at(key).front() == &what; });
}

key_chains::few key_chains::put_back(pending_event& what) {
  few first;
  for (const auto key : what.plan.keys()) {
    auto& links = chains_.at(key);
    links.erase(std::find(links.begin(), links.end(), &what));
    links.insert(place_of(what, links), &what);
    if (links.front() != &what) first.push_back(links.front());
  }
  return first;
}

key_chains::few key_chains::remove(const pending_event& what) {
  few next;
  for (const auto key : what.plan.keys()) {
    const auto found = chains_.find(key);
    auto& links = found->second;
    const bool led = links.front() == &what;
    links.erase(std::find(links.begin(), links.end(), &what));
    if (links.empty())
      chains_.erase(found);
    else if (led)
      next.push_back(links.front());
  }
  return next;
}

}  // namespace cartrelay::dispatch
