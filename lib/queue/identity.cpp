#include "queue/identity.hpp"

namespace cartrelay::queue {

identity identity_of(const new_event& event, sequence number) {
  return {number, event.digest, event.time, event.received_at};
}

bool same(const identity& known, const new_event& event) {
  return known.digest == event.digest && (!known.time || !event.time || *known.time == *event.time);
}

}  // namespace cartrelay::queue
