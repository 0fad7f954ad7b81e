#pragma once

#include "queue/rocksdb/read_side.hpp"

namespace cartrelay::queue::rocks {

/// What became of an event, at one moment. Fails if the disk does not give it: an event whose row is not
/// known is not one that has none.
[[nodiscard]] base::result<std::vector<receipt_line>> receipt_lines(const read_side& side,
                                                                    const record& event);

/// engine::find_receipt. An event that the log has dropped is still found through the copies that dead
/// letters and requeued events own; then only their destinations are told. Fails as receipt_lines() does.
[[nodiscard]] base::result<receipt> find_receipt(const read_side& side, partition part, sequence number);
[[nodiscard]] base::result<receipt> find_receipt(const read_side& side, std::string_view source,
                                                 std::string_view id);

}  // namespace cartrelay::queue::rocks
