#include "dispatch/memory_lookup.hpp"

#include "queue/calls.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace cartrelay::dispatch {
namespace {

void put(const std::string& key, const std::optional<std::string>& value, destinations::memory& into) {
  if (value)
    into.insert_or_assign(key, *value);
  else
    into.erase(key);
}

}  // namespace

memory_lookup::memory_lookup(const surroundings& around, queue::destination_id of, const outbox& undurable)
    : around_(around), of_(of), undurable_(undurable), answered_(around.where) {}

memory_lookup::keys memory_lookup::recall(keys wanted, destinations::memory& into) {
  std::erase_if(wanted, [&](const std::string& key) { return recall_one(key, into); });
  return wanted;
}

bool memory_lookup::recall_one(const std::string& key, destinations::memory& into) {
  if (const auto* known = recalled_.find(key, around_.time.steady())) {
    put(key, *known, into);
    return true;
  }
  // What an earlier delivery left is true before it is durable.
  const auto pending = undurable_.remembered(key);
  if (pending) put(key, *pending, into);
  return pending.has_value();
}

base::task<base::result<void>> memory_lookup::fetch(keys wanted, std::function<keys()> soon,
                                                    destinations::memory& into) {
  keys asked;
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  for (const auto& key : wanted) {
    while (asking_.contains(key))
      co_await answered_.any();
    if (!recall_one(key, into)) asked.push_back(key);
  }
  base::result<void> done;
  if (!asked.empty()) {
    auto answer = co_await ask(std::move(asked), std::move(soon), into);
    done = std::move(answer);
  }
  // What was changed while this waited is newer than what was at hand before, or what the queue said.
  for (const auto& key : wanted)
    recall_one(key, into);
  co_return done;
}

base::task<base::result<void>> memory_lookup::ask(keys asked, std::function<keys()> soon,
                                                  destinations::memory& into) {
  const auto mine = asked.size();
  asking_.insert(asked.begin(), asked.end());
  destinations::memory not_yet;
  for (auto& key : recall(soon(), not_yet))
    if (asking_.insert(key).second) asked.push_back(std::move(key));
  const auto when = recalled_.age();
  auto found = co_await read_memory(around_.log, around_.box, of_, asked, around_.time.now());
  for (const auto& key : asked)
    asking_.erase(key);
  answered_.notify();
  if (!found) co_return found.error();
  const auto now = around_.time.steady();
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (i < mine) put(asked[i], (*found)[i], into);
    recalled_.learn(std::move(asked[i]), std::move((*found)[i]), when, now);
  }
  co_return base::result<void>();
}

void memory_lookup::note(const std::vector<destinations::memory_change>& changes, base::steady_time now) {
  for (const auto& one : changes)
    recalled_.change(one.key, one.value, now);
}

}  // namespace cartrelay::dispatch
