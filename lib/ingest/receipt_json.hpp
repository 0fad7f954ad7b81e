#pragma once

#include "base/json_writer.hpp"
#include "queue/inspect.hpp"

#include <map>
#include <string>

namespace cartrelay::ingest {

/// destination id → name, as in queue_stats.
using destination_names = std::map<queue::destination_id, std::string>;
[[nodiscard]] destination_names names_of(const queue::queue_stats& stats);

/// {"sequence","received_at","event":{…},"destinations":[{"destination","state",…}]}, states named by
/// queue::state_name.
void write_receipt(base::json_writer& json, const queue::receipt& what, const destination_names& names);
[[nodiscard]] std::string receipt_json(const queue::receipt& what, const destination_names& names);

/// The members that tell of attempts: `attempts`, `request`, `answer`, `batch`.
void write_attempts(base::json_writer& json, const queue::attempts& tries);
/// The event as it was accepted, or null if its stored form cannot be read.
void write_event(base::json_writer& json, const queue::record& stored);

}  // namespace cartrelay::ingest
