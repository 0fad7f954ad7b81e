#pragma once

#include "queue/types.hpp"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace cartrelay::dispatch {

/// Which pending events a newer snapshot of their cart may supersede: those of the same cart since its last
/// boundary (an order.* or cart.deleted event of that cart).
class cart_history {
 public:
  void add(std::uint64_t cart, queue::sequence number) { replaceable_[cart].push_back(number); }
  void remove(std::uint64_t cart, queue::sequence number);
  void boundary(std::uint64_t cart) { replaceable_.erase(cart); }
  void clear() { replaceable_.clear(); }

  /// Ascending.
  [[nodiscard]] std::vector<queue::sequence> older_than(std::uint64_t cart, queue::sequence number) const;
  [[nodiscard]] std::vector<queue::sequence> newer_than(std::uint64_t cart, queue::sequence number) const;

 private:
  std::unordered_map<std::uint64_t, std::vector<queue::sequence>> replaceable_;
};

}  // namespace cartrelay::dispatch
