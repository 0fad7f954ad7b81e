#pragma once

#include "queue/erasure.hpp"
#include "queue/types.hpp"

namespace cartrelay::dispatch {

/// How an event ends whose customer is forgotten: without a word about it. What its attempts left is told to
/// the queue once more, which finds by it who shared its batches, and empties it.
[[nodiscard]] inline queue::end erased(queue::sequence number) {
  queue::end how;
  how.number = number;
  how.state = queue::end_state::discarded;
  how.reason = queue::erased_reason;
  how.withdrawn = true;
  return how;
}

}  // namespace cartrelay::dispatch
