#pragma once

#include "destinations/delivery.hpp"
#include "event/event.hpp"

#include <memory>
#include <string>
#include <vector>

namespace cartrelay::destinations {

/// Whether an event can go there, decided from the event alone.
struct screening {
  enum class outcome { send, skipped, unmappable };
  outcome what = outcome::send;
  std::string reason;  ///< short class: `no_ticket`, `unwanted_type`…
  std::string detail;  ///< what is missing, by JSON pointer where one applies
};

/// One configured instance of a vendor kind: the answers to the questions that differ from vendor to vendor.
/// Nothing outside a kind's folder knows its name. Not thread-safe: belongs to the delivery thread (it may
/// cache an access token); const calls that are marked pure may come from any thread.
class destination {
 public:
  destination() = default;
  destination(const destination&) = delete;
  destination& operator=(const destination&) = delete;
  virtual ~destination() = default;

  /// Pure. `unmappable` ends an order.* event as a dead letter and any other as skipped.
  [[nodiscard]] virtual screening screen(const event::event& what) const = 0;
  /// Pure. Events that share a key go in order. At most two keys, never empty; prefixed by kind of key
  /// (`order:`, `cart:`…) so that they cannot meet by accident. `partitionkey` replaces them before this is
  /// asked.
  [[nodiscard]] virtual std::vector<std::string> order_keys(const event::event& what) const = 0;
  /// Pure. Whether this is a snapshot that makes older pending cart.* events of the same cart superfluous.
  [[nodiscard]] virtual bool supersedes(const event::event& what) const {
    static_cast<void>(what);
    return false;
  }
  /// Pure. Where the vendor keeps the cart of a cart.* event, if it may keep several under one id (a
  /// language, say): they are different carts, and none supersedes another.
  [[nodiscard]] virtual std::string cart_place(const event::event& what) const {
    static_cast<void>(what);
    return {};
  }
  /// Pure. What of the destination's memory the delivery needs.
  [[nodiscard]] virtual std::vector<std::string> memory_keys(const event::event& what) const {
    static_cast<void>(what);
    return {};
  }
  /// Pure. What it may remember of a customer whose events are gone already: forgotten with them.
  [[nodiscard]] virtual std::vector<std::string> memory_of(const event::customer& who) const {
    static_cast<void>(who);
    return {};
  }
  /// Pure. Most events of one delivery; 1 for vendors without bulk calls.
  [[nodiscard]] virtual std::size_t largest_batch() const { return 1; }
  /// Pure. Bytes that the event adds to a batch's body, separators included; and what an empty batch's body
  /// has.
  [[nodiscard]] virtual std::size_t encoded_size(const event::event& what) const {
    static_cast<void>(what);
    return 0;
  }
  [[nodiscard]] virtual std::size_t envelope_size() const { return 0; }

  /// Starts an attempt. `events` were screened `send`; `known` holds what memory_keys asked for, as far as it
  /// is known. The destination outlives the delivery.
  [[nodiscard]] virtual std::unique_ptr<delivery> begin(std::vector<delivery_event> events, memory known) = 0;
};

}  // namespace cartrelay::destinations
