#include "dispatch/cart_history.hpp"

#include <algorithm>
#include <utility>

namespace cartrelay::dispatch {
namespace {

/// The first that is not older.
template <class Entries>
auto place_of(Entries& all, queue::sequence number) {
  return std::ranges::lower_bound(all, number, {}, [](const auto& one) { return one.number; });
}

}  // namespace

void cart_history::add(const event_plan& what, queue::sequence number) {
  auto& all = replaceable_[what.cart_id];
  all.insert(place_of(all, number), {number, what.cart});
}

void cart_history::remove(const event_plan& what, queue::sequence number) {
  const auto found = replaceable_.find(what.cart_id);
  if (found == replaceable_.end()) return;
  auto& all = found->second;
  if (const auto place = place_of(all, number); place != all.end() && place->number == number)
    all.erase(place);
  if (all.empty()) replaceable_.erase(found);
}

std::vector<queue::sequence> cart_history::boundary(std::uint64_t cart_id, queue::sequence number) {
  if (recent_.size() >= remembered_) {
    before_ = std::exchange(recent_, {});
    known_from_ = std::exchange(recent_from_, number);
  }
  recent_[cart_id] = number;
  std::vector<queue::sequence> out;
  const auto found = replaceable_.extract(cart_id);
  if (found)
    for (const auto& one : found.mapped())
      out.push_back(one.number);
  return out;
}

std::optional<bool> cart_history::is_cut_off(std::uint64_t cart_id, queue::sequence number) const {
  for (const auto* known : {&recent_, &before_})
    if (const auto found = known->find(cart_id); found != known->end() && found->second > number) return true;
  if (number + 1 < known_from_) return std::nullopt;
  return false;
}

std::vector<queue::sequence> cart_history::older_than(const event_plan& what, queue::sequence number) const {
  std::vector<queue::sequence> out;
  const auto found = replaceable_.find(what.cart_id);
  if (found == replaceable_.end()) return out;
  const auto& all = found->second;
  const auto end = place_of(all, number);
  for (auto one = all.begin(); one != end; ++one)
    if (one->cart == what.cart) out.push_back(one->number);
  return out;
}

std::vector<queue::sequence> cart_history::newer_than(const event_plan& what, queue::sequence number) const {
  std::vector<queue::sequence> out;
  const auto found = replaceable_.find(what.cart_id);
  if (found == replaceable_.end()) return out;
  const auto& all = found->second;
  for (auto one = place_of(all, number + 1); one != all.end(); ++one)
    if (one->cart == what.cart) out.push_back(one->number);
  return out;
}

}  // namespace cartrelay::dispatch
