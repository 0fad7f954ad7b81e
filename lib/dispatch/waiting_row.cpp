#include "dispatch/waiting_row.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <utility>

namespace cartrelay::dispatch {

std::optional<queue::exception> take_waiting(queue::receipt& from, queue::destination_id at) {
  const auto line = std::find_if(from.lines.begin(), from.lines.end(),
                                 [at](const queue::receipt_line& each) { return each.destination == at; });
  if (line == from.lines.end() || line->ended) return std::nullopt;
  if (line->waiting) return std::exchange(line->waiting, std::nullopt);
  base::log::warning("queue: the record of waiting event {} cannot be read, it starts over",
                     from.event.number);
  queue::exception row;
  row.number = from.event.number;
  row.age_from = from.event.received_at;
  return row;
}

}  // namespace cartrelay::dispatch
