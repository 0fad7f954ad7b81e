#include "ingest/submission.hpp"

#include "event/stored.hpp"

namespace cartrelay::ingest {
namespace {

void add_term(std::vector<queue::index_term>& terms, queue::index_kind kind, const event::text& value) {
  if (value) terms.push_back({kind, *value});
}

std::vector<queue::index_term> terms_of(const event::payload& data) {
  std::vector<queue::index_term> terms;
  if (data.order) {
    terms.push_back({queue::index_kind::order, data.order->id});
    add_term(terms, queue::index_kind::cart, data.order->cart_id);
  }
  if (data.cart) terms.push_back({queue::index_kind::cart, data.cart->id});
  if (data.customer) {
    add_term(terms, queue::index_kind::customer, data.customer->id);
    add_term(terms, queue::index_kind::customer, data.customer->email);
    add_term(terms, queue::index_kind::customer, data.customer->phone);
  }
  return terms;
}

}  // namespace

queue::new_event to_new_event(const event::event& accepted, const router& route) {
  queue::new_event out;
  out.source = accepted.source;
  out.id = accepted.id;
  out.digest = event::digest(accepted);
  if (accepted.time) out.time = accepted.time->at;
  out.received_at = accepted.received_at;
  out.type = accepted.type;
  out.stored = event::encode(accepted);
  out.routed = route(accepted);
  out.terms = terms_of(accepted.data);
  return out;
}

}  // namespace cartrelay::ingest
