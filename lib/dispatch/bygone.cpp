#include "dispatch/bygone.hpp"

#include "dispatch/control.hpp"
#include "queue/calls.hpp"
#include "queue/match.hpp"

#include <algorithm>
#include <vector>

namespace cartrelay::dispatch {
namespace {

bool is_pending(const queue::record& found, const queue::unit_state& stood) {
  const auto& ended = stood.ended_after;
  return queue::goes_to(found, stood.held.destination) &&
         !std::binary_search(ended.begin(), ended.end(), found.number);
}

/// The first after the cursor.
base::task<base::result<std::optional<base::timestamp>>> oldest_in_log(const surroundings& around,
                                                                       queue::unit_state stood) {
  const queue::read_limits limits;
  std::optional<base::timestamp> out;
  auto after = stood.cursor;
  for (bool more = true; more && !out;) {
    auto page = co_await read(around.log, around.box, after, limits);
    if (!page) co_return page.error();
    for (const auto& found : page->records)
      if (!out && is_pending(found, stood)) out = found.received_at;
    after = page->position;
    more = !page->at_end;
  }
  co_return out;
}

std::uint64_t backlog_of(const queue::queue_stats& figures, queue::destination_id which) {
  for (const auto& one : figures.destinations)
    if (one.id == which) return one.counts.backlog();
  return 0;
}

}  // namespace

base::task<base::result<bygone>> look_back(const surroundings& around, queue::destination_id which) {
  auto stood = co_await acquire(around.log, around.box, which, 1);
  if (!stood) co_return stood.error();
  bygone out;
  const auto known = parse_control(stood->control);
  if (known) out.kind = known->kind;
  std::vector<queue::sequence> first;
  if (!stood->exceptions.empty()) first.push_back(stood->exceptions.front().number);
  const queue::read_limits limits;
  auto waiting = co_await fetch(around.log, around.box, std::move(first), limits.max_bytes);
  if (!waiting) co_return waiting.error();
  if (!waiting->empty()) out.oldest_pending = waiting->front().received_at;
  // Exceptions stand before the cursor, or are the only ones.
  const auto rows = stood->exceptions.size() + stood->more_exceptions.size();
  if (out.oldest_pending || backlog_of(around.log.stats(), which) <= rows) co_return out;
  auto found = co_await oldest_in_log(around, std::move(*stood));
  if (!found) co_return found.error();
  out.oldest_pending = *found;
  co_return out;
}

}  // namespace cartrelay::dispatch
