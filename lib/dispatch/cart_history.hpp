#pragma once

#include "dispatch/event_plan.hpp"
#include "queue/types.hpp"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace cartrelay::dispatch {

/// Which pending events a newer snapshot of their cart may supersede: those of the very same cart since the
/// last boundary of its id (an order.* or cart.deleted event). `what` is a plan that has a cart.
class cart_history {
 public:
  void add(const event_plan& what, queue::sequence number);
  void remove(const event_plan& what, queue::sequence number);
  void boundary(std::uint64_t cart_id) { replaceable_.erase(cart_id); }
  void clear() { replaceable_.clear(); }

  /// Ascending.
  [[nodiscard]] std::vector<queue::sequence> older_than(const event_plan& what, queue::sequence number) const;
  [[nodiscard]] std::vector<queue::sequence> newer_than(const event_plan& what, queue::sequence number) const;

 private:
  struct entry {
    queue::sequence number = 0;
    std::uint64_t cart = 0;
  };
  std::unordered_map<std::uint64_t, std::vector<entry>> replaceable_;  // by the cart's id, ascending
};

}  // namespace cartrelay::dispatch
