#include "dispatch/cart_history.hpp"

#include <algorithm>

namespace cartrelay::dispatch {

void cart_history::add(const event_plan& what, queue::sequence number) {
  replaceable_[what.cart_id].push_back({number, what.cart});
}

void cart_history::remove(const event_plan& what, queue::sequence number) {
  const auto found = replaceable_.find(what.cart_id);
  if (found == replaceable_.end()) return;
  std::erase_if(found->second, [number](const entry& one) { return one.number == number; });
  if (found->second.empty()) replaceable_.erase(found);
}

std::vector<queue::sequence> cart_history::older_than(const event_plan& what, queue::sequence number) const {
  std::vector<queue::sequence> out;
  const auto found = replaceable_.find(what.cart_id);
  if (found == replaceable_.end()) return out;
  for (const auto& one : found->second)
    if (one.number < number && one.cart == what.cart) out.push_back(one.number);
  return out;
}

std::vector<queue::sequence> cart_history::newer_than(const event_plan& what, queue::sequence number) const {
  std::vector<queue::sequence> out;
  const auto found = replaceable_.find(what.cart_id);
  if (found == replaceable_.end()) return out;
  // An event older than the last boundary is not in the list, and what is newer is none of its business.
  const auto& all = found->second;
  const auto same = [number](const entry& one) { return one.number == number; };
  if (std::none_of(all.begin(), all.end(), same)) return out;
  for (const auto& one : all)
    if (one.number > number && one.cart == what.cart) out.push_back(one.number);
  return out;
}

}  // namespace cartrelay::dispatch
