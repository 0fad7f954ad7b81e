#include "dispatch/recollection.hpp"

#include <utility>

namespace cartrelay::dispatch {
namespace {

constexpr std::size_t most_bytes = 256 << 10;  // of a generation
constexpr std::chrono::seconds longest_youth{30};
constexpr std::size_t node = 64;  // of the map, roughly

}  // namespace

const recollection::value* recollection::find(const std::string& key, base::steady_time now) {
  grow_old(now);
  for (const auto* from : {&young_, &old_})
    if (const auto found = from->entries.find(key); found != from->entries.end()) return &found->second;
  return nullptr;
}

void recollection::learn(std::string key, value known, std::uint64_t when, base::steady_time now) {
  if (find(key, now) != nullptr || when != age_) return;
  change(std::move(key), std::move(known), now);
}

void recollection::change(std::string key, value now_holds, base::steady_time now) {
  grow_old(now);
  young_.bytes += node + key.size() + (now_holds ? now_holds->size() : 0);
  young_.entries.insert_or_assign(std::move(key), std::move(now_holds));
}

void recollection::grow_old(base::steady_time now) {
  if (young_.bytes < most_bytes && now < young_since_ + longest_youth) return;
  const bool long_ago = now >= young_since_ + 2 * longest_youth;
  auto last = std::exchange(young_, {});
  if (!old_.entries.empty() || (long_ago && !last.entries.empty())) ++age_;
  old_ = long_ago ? generation() : std::move(last);
  young_since_ = now;
}

void recollection::clear() {
  ++age_;
  young_ = {};
  old_ = {};
}

}  // namespace cartrelay::dispatch
