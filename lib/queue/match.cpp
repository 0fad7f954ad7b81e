#include "queue/match.hpp"

#include "base/text.hpp"
#include "event/stored.hpp"
#include "queue/erasure.hpp"

#include <algorithm>

namespace cartrelay::queue {
namespace {

bool same_address(event::text held, std::string_view asked) {
  return held && base::equals_ignoring_case(base::trim(*held), base::trim(asked));
}

bool has_term(const event::event& of, const index_term& term) {
  const auto same = [&term](event::text held) { return held == event::text(term.value); };
  const auto& data = of.data;
  switch (term.kind) {
    case index_kind::order:
      return data.order && same(data.order->id);
    case index_kind::cart:
      return (data.cart && same(data.cart->id)) || (data.order && same(data.order->cart_id));
    case index_kind::customer:
      return data.customer && (same(data.customer->id) || same_address(data.customer->email, term.value) ||
                               same(data.customer->phone));
    case index_kind::subject:
      return same(of.subject);
  }
  return false;
}

}  // namespace

std::string indexed_form(std::string_view value) {
  return base::to_lower(base::trim(value));
}

std::vector<index_term> index_terms(const event::event& of) {
  std::vector<index_term> terms;
  const auto add = [&terms](index_kind kind, event::text value) {
    if (value) terms.push_back({kind, std::string(*value)});
  };
  const auto& data = of.data;
  if (data.order) {
    add(index_kind::order, data.order->id);
    add(index_kind::cart, data.order->cart_id);
  }
  if (data.cart) add(index_kind::cart, data.cart->id);
  for (const auto& key : customer_keys(data))
    terms.push_back(term_of(key));
  add(index_kind::subject, of.subject);
  return terms;
}

bool goes_to(const record& event, destination_id id) noexcept {
  return std::find(event.routed.begin(), event.routed.end(), id) != event.routed.end();
}

bool has_terms(const record& event, const std::vector<index_term>& terms) {
  if (terms.empty()) return true;
  const auto decoded = event::decode(event.stored);
  if (!decoded) return false;
  return std::all_of(terms.begin(), terms.end(),
                     [&](const index_term& term) { return has_term(*decoded, term); });
}

std::string_view state_name(const receipt_line& line) noexcept {
  if (!line.ended) {
    // A mark counts the attempt that is under way.
    const auto& waiting = line.waiting;
    const bool tried = waiting && waiting->tries.count > (waiting->marked ? 1u : 0u);
    return tried ? "retrying" : "pending";
  }
  switch (line.ended->state) {
    case end_state::delivered:
      return "delivered";
    case end_state::skipped:
      return "skipped";
    case end_state::superseded:
      return "superseded";
    case end_state::expired:
      return "expired";
    case end_state::dead_letter:
      return "dead_letter";
    case end_state::discarded:
      return "discarded";
  }
  return "unknown";
}

bool matches_record(const receipt_query& query, const record& event) {
  if (query.type && event.type != *query.type) return false;
  if (query.since && event.received_at < *query.since) return false;
  if (query.until && event.received_at >= *query.until) return false;
  return !query.destination || goes_to(event, *query.destination);
}

bool matches_lines(const receipt_query& query, const std::vector<receipt_line>& lines) {
  if (!query.state) return true;
  return std::any_of(lines.begin(), lines.end(), [&](const receipt_line& line) {
    return (!query.destination || line.destination == *query.destination) && state_name(line) == *query.state;
  });
}

bool matches_dead_letter(const dead_letter_query& query, destination_id destination, const end& ended) {
  if (query.destination && *query.destination != destination) return false;
  if (query.reason && *query.reason != ended.reason) return false;
  return !query.before || ended.at < *query.before;
}

}  // namespace cartrelay::queue
