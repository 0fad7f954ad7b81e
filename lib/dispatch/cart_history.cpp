#include "dispatch/cart_history.hpp"

#include <algorithm>

namespace cartrelay::dispatch {

void cart_history::remove(std::uint64_t cart, queue::sequence number) {
  const auto found = replaceable_.find(cart);
  if (found == replaceable_.end()) return;
  std::erase(found->second, number);
  if (found->second.empty()) replaceable_.erase(found);
}

std::vector<queue::sequence> cart_history::older_than(std::uint64_t cart, queue::sequence number) const {
  const auto found = replaceable_.find(cart);
  if (found == replaceable_.end()) return {};
  const auto& all = found->second;
  return {all.begin(), std::lower_bound(all.begin(), all.end(), number)};
}

std::vector<queue::sequence> cart_history::newer_than(std::uint64_t cart, queue::sequence number) const {
  const auto found = replaceable_.find(cart);
  if (found == replaceable_.end()) return {};
  const auto& all = found->second;
  // An event older than the last boundary is not in the list, and what is newer is none of its business.
  const auto place = std::lower_bound(all.begin(), all.end(), number);
  if (place == all.end() || *place != number) return {};
  return {place + 1, all.end()};
}

}  // namespace cartrelay::dispatch
