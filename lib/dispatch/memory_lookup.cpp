#include "dispatch/memory_lookup.hpp"

#include "dispatch/log_calls.hpp"

#include <algorithm>
#include <utility>

namespace cartrelay::dispatch {

memory_lookup::memory_lookup(const surroundings& around, queue::destination_id of, const outbox& undurable)
    : around_(around), of_(of), undurable_(undurable), answered_(around.where) {}

memory_lookup::keys memory_lookup::at_hand(keys wanted, destinations::memory& into) {
  std::erase_if(wanted, [&](const std::string& key) { return is_at_hand(key, into); });
  return wanted;
}

bool memory_lookup::is_at_hand(const std::string& key, destinations::memory& into) {
  if (const auto* known = recalled_.find(key, around_.time.steady())) {
    if (*known) into[key] = **known;
    return true;
  }
  // What an earlier delivery left is true before it is durable.
  const auto pending = undurable_.remembered(key);
  if (pending && *pending) into[key] = **pending;
  return pending.has_value();
}

base::task<base::result<void>> memory_lookup::fetch(keys wanted, std::function<keys()> soon,
                                                    destinations::memory& into) {
  keys asked;
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  for (auto& key : wanted) {
    while (asking_.contains(key))
      co_await answered_.any();
    if (!is_at_hand(key, into)) asked.push_back(std::move(key));
  }
  if (asked.empty()) co_return base::result<void>();
  const auto mine = asked.size();
  asking_.insert(asked.begin(), asked.end());
  destinations::memory not_yet;
  for (auto& key : at_hand(soon(), not_yet))
    if (asking_.insert(key).second) asked.push_back(std::move(key));
  const auto when = recalled_.age();
  auto found = co_await read_memory(around_.log, around_.box, of_, asked, around_.time.now());
  for (const auto& key : asked)
    asking_.erase(key);
  answered_.notify();
  if (!found) co_return found.error();
  const auto now = around_.time.steady();
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (i < mine && (*found)[i]) into[asked[i]] = *(*found)[i];
    recalled_.learn(std::move(asked[i]), std::move((*found)[i]), when, now);
  }
  co_return base::result<void>();
}

void memory_lookup::note(const std::vector<destinations::memory_change>& changes, base::steady_time now) {
  for (const auto& one : changes)
    recalled_.change(one.key, one.value, now);
}

}  // namespace cartrelay::dispatch
