#include "dispatch/account_memory.hpp"

namespace cartrelay::dispatch {
namespace {

constexpr char behind_mark = ':';

}  // namespace

destinations::memory account_memory::own(destinations::memory stored) {
  const auto mine = mark_ + behind_mark;
  destinations::memory out;
  for (auto& [key, value] : stored)
    if (value.starts_with(mine))
      out.emplace(key, value.substr(mine.size()));
    else
      others_.push_back(key);
  return out;
}

std::vector<destinations::memory_change> account_memory::forget_others() const {
  std::vector<destinations::memory_change> out;
  for (const auto& key : others_)
    out.push_back({.key = key, .value = std::nullopt});
  return out;
}

std::vector<destinations::memory_change> account_memory::marked(
    std::vector<destinations::memory_change> changes) const {
  for (auto& one : changes)
    if (one.value) one.value->insert(0, mark_ + behind_mark);
  return changes;
}

}  // namespace cartrelay::dispatch
