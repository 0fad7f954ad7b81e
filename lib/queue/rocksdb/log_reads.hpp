#pragma once

#include "queue/engine.hpp"
#include "queue/rocksdb/read_side.hpp"

#include <optional>

namespace cartrelay::queue::rocks {

/// engine::read. What is damaged is set aside before `then` hears of anything: a reader that was told of it
/// never comes back.
void read_log(const read_side& side, partition part, sequence after, const read_limits& limits,
              reply<read_batch> then);

/// engine::fetch: from the log, else the copies. Fails if the disk does not tell of one whether it is there.
[[nodiscard]] base::result<std::vector<record>> fetch_records(const read_side& side, partition part,
                                                              const std::vector<sequence>& numbers,
                                                              std::size_t max_bytes);

/// The log's record; nothing if it is gone, erased, or damaged (then it is reported as torn). Fails if the
/// disk does not give it: whether there is one is not known.
[[nodiscard]] base::result<std::optional<record>> look_up(const read_side& side, sequence number);
/// The copy that a dead letter or a requeued event owns. Nothing and failure as with look_up().
[[nodiscard]] base::result<std::optional<record>> copied(const read_side& side, destination_id destination,
                                                         sequence number);
/// See horizons::kept_from; 0 if a block cannot be read.
[[nodiscard]] sequence kept_from(const read_side& side);

}  // namespace cartrelay::queue::rocks
