#pragma once

#include "event/event.hpp"
#include "queue/types.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <unordered_map>

namespace cartrelay::dispatch {

/// The events that were read or used last, shared by all destinations and bounded in bytes: what is not here
/// any more is fetched from the log again. Whoever holds an event keeps it alive beyond the bound.
class event_cache {
 public:
  explicit event_cache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  /// Nothing if it is not here.
  [[nodiscard]] event::event_ptr find(queue::sequence number);
  void add(queue::sequence number, event::event_ptr what);
  void remove(queue::sequence number);
  /// Lets go of what was not used since the call before the last one.
  void grow_old();
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  struct entry {
    queue::sequence number;
    event::event_ptr what;
    std::size_t bytes;
    std::uint64_t used_at;  // the age
  };

  void drop_last();

  std::size_t max_bytes_, bytes_ = 0;
  std::uint64_t age_ = 0;
  std::list<entry> recent_;  // the last used first
  std::unordered_map<queue::sequence, std::list<entry>::iterator> places_;
};

}  // namespace cartrelay::dispatch
