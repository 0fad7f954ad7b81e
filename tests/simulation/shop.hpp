#pragma once

#include "base/random.hpp"
#include "event/event.hpp"
#include "queue/types.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::simulation {

/// What fate an event's id foretells. Everybody in the simulation reads it there.
enum class fate : char {
  plain = 'e',
  poisoned = 'p',    ///< the vendor refuses it, and every batch that holds it
  skipped = 's',     ///< the kind has nothing to send
  unmappable = 'u',  ///< the kind lacks something
};
[[nodiscard]] fate fate_of(const event::event& what);

/// The log that a shop's events make. `<fate><sequence>` is an event's id.
class shop {
 public:
  explicit shop(std::uint64_t seed);

  struct entry {
    queue::sequence number = 0;
    base::timestamp received_at;
    event::event_ptr what;
  };
  void post(base::timestamp now);
  [[nodiscard]] const std::vector<entry>& log() const noexcept { return log_; }
  /// Nothing if there is none.
  [[nodiscard]] const entry* find(queue::sequence number) const;
  /// The first that stands after `position`.
  [[nodiscard]] std::size_t index_after(queue::sequence position) const;

 private:
  base::random_source random_;
  std::vector<entry> log_;
  std::uint64_t carts_, orders_;
};

[[nodiscard]] queue::sequence number_of(std::string_view id);
/// The kind's order keys, and everybody else's idea of them.
[[nodiscard]] std::vector<std::string> keys_of(const event::event& what);
[[nodiscard]] std::string cart_of(const event::event& what);  ///< empty: none
/// order.* and cart.deleted: nothing is superseded across them.
[[nodiscard]] bool is_boundary(const event::event& what);

}  // namespace cartrelay::simulation
