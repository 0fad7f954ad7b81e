#include "ingest/submission.hpp"

#include "event/stored.hpp"
#include "queue/match.hpp"

namespace cartrelay::ingest {
queue::new_event to_new_event(const event::event& accepted, const router& route) {
  queue::new_event out;
  out.digest = event::digest(accepted);
  if (accepted.time) out.time = accepted.time->at;
  out.received_at = accepted.received_at;
  out.type = accepted.type;
  out.stored = event::encode(accepted);
  out.routed = route(accepted);
  out.terms = queue::index_terms(accepted);
  out.source = accepted.source;
  out.id = accepted.id;
  return out;
}

}  // namespace cartrelay::ingest
