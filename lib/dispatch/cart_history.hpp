#pragma once

#include "dispatch/event_plan.hpp"
#include "queue/types.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace cartrelay::dispatch {

/// Which pending events a newer snapshot of their cart may supersede: those of the very same cart since the
/// last boundary of its id (an order.* or cart.deleted event). `what` is a plan that has a cart.
class cart_history {
 public:
  /// Every boundary after `position` will be told. So many are remembered, and up to as many before them.
  explicit cart_history(queue::sequence position, std::size_t remembered = 4'096)
      : remembered_(remembered), known_from_(position + 1), recent_from_(position + 1) {}

  /// In any order; not across a boundary.
  void add(const event_plan& what, queue::sequence number);
  void remove(const event_plan& what, queue::sequence number);
  /// Boundaries come in ascending order. Answers the events that it cut off, which leave.
  std::vector<queue::sequence> boundary(std::uint64_t cart_id, queue::sequence number);
  /// Whether a boundary came after an event; absent: it is so old that nobody remembers.
  [[nodiscard]] std::optional<bool> is_cut_off(std::uint64_t cart_id, queue::sequence number) const;
  /// Takes the events out, and remembers the boundaries.
  void clear() { replaceable_.clear(); }

  /// Ascending.
  [[nodiscard]] std::vector<queue::sequence> older_than(const event_plan& what, queue::sequence number) const;
  [[nodiscard]] std::vector<queue::sequence> newer_than(const event_plan& what, queue::sequence number) const;

 private:
  struct entry {
    queue::sequence number = 0;
    std::uint64_t cart = 0;
  };
  using entries = std::vector<entry>;
  using last_boundaries = std::unordered_map<std::uint64_t, queue::sequence>;  // by the cart's id

  std::unordered_map<std::uint64_t, entries> replaceable_;  // by the cart's id, ascending
  std::size_t remembered_;
  last_boundaries recent_, before_;
  queue::sequence known_from_, recent_from_;  // all boundaries since then are in one of them, in recent_
};

}  // namespace cartrelay::dispatch
