#pragma once

#include "destinations/destination.hpp"
#include "event/boxed.hpp"
#include "event/event.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace cartrelay::dispatch {

/// Commercial priority: with a backlog, the smaller goes first.
enum class rank : std::uint8_t { order, cart, view };
[[nodiscard]] rank rank_of(event::event_type type) noexcept;

/// What the scheduler has to know of an event at one destination, so that the event itself may leave memory
/// while it waits. Keys and carts are hashes: two that collide wait for each other without need, no more, for
/// one cart supersedes another only if they share a key too.
class event_plan {
 public:
  dispatch::rank rank = dispatch::rank::view;
  std::uint32_t size = 0;     ///< bytes that it adds to a batch's body
  std::uint64_t cart_id = 0;  ///< of the cart that it is about; 0: none
  std::uint64_t cart = 0;     ///< the very cart: its id, its source, and its place at the vendor
  bool replaceable = false;   ///< a cart.* event that a newer snapshot of the cart makes superfluous
  bool snapshot = false;      ///< it is such a snapshot
  bool boundary = false;      ///< order.* or cart.deleted: nothing is superseded across it. It need not say
                              ///< whose cart it is about, or in which place, and counts for all of that id
  event::boxed<destinations::screening> obstacle;  ///< why it cannot or need not go there; nothing: it can

  [[nodiscard]] std::span<const std::uint64_t> keys() const noexcept { return {keys_.data(), key_count_}; }
  /// It lacks what the destination needs, and somebody has to look at it: an order. A view that does is not
  /// worth that, and is skipped.
  [[nodiscard]] bool is_dead_letter() const noexcept;
  void add_key(std::uint64_t key) noexcept;
  [[nodiscard]] bool shares_key(const event_plan& other) const noexcept;

 private:
  std::array<std::uint64_t, 2> keys_{};
  std::uint8_t key_count_ = 0;
};

/// Asks the destination. Pure as far as its kind is; what a kind throws passes through.
[[nodiscard]] event_plan make_plan(const destinations::destination& where, const event::event& what);

}  // namespace cartrelay::dispatch
