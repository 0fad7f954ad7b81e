#pragma once

#include "queue/types.hpp"

#include <optional>

namespace cartrelay::queue {

/// What is known under an idempotency key: the event that was accepted with it.
struct identity {
  sequence number = 0;
  event::content_digest digest{};
  std::optional<base::timestamp> time;
  base::timestamp accepted_at;
};

[[nodiscard]] identity identity_of(const new_event& event, sequence number);
/// The same content: time counts only where both give it.
[[nodiscard]] bool same(const identity& known, const new_event& event);

}  // namespace cartrelay::queue
