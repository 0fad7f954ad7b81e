#pragma once

#include "queue/rocksdb/siphash.hpp"
#include "queue/types.hpp"

#include <array>
#include <string>
#include <string_view>

/// The keys of events, destinations and the store itself; those of the index are in index_rows.hpp, of
/// erasures in erasure_record.hpp. docs/queue-format.md has the table.
namespace cartrelay::queue::rocks {

/// Drawn when the store is made, and kept in it.
struct hash_keys {
  siphash_key identity_low, identity_high;
};

[[nodiscard]] std::string log_key(partition part, sequence number);
[[nodiscard]] std::string unit_key(destination_id destination, partition part, sequence number);
[[nodiscard]] std::string state_key(destination_id destination, std::string_view name);
[[nodiscard]] std::string identity_key(const hash_keys& keys, std::string_view source, std::string_view id);

/// The sequence in the last eight bytes of a key of log, routes, a unit or a note; a page's stands there
/// inverted.
[[nodiscard]] sequence sequence_of(std::string_view key);
[[nodiscard]] destination_id destination_of(std::string_view key);
inline constexpr std::size_t log_key_size = 12, unit_key_size = 14;

/// In the default family.
inline constexpr std::string_view store_entry = "store", position_entry = "position",
                                  accepted_loss_entry = "accepted-loss";
[[nodiscard]] std::string unit_entry(destination_id destination, partition part);
[[nodiscard]] std::string control_entry(destination_id destination, partition part);
[[nodiscard]] std::string torn_entry(partition part, sequence number);

}  // namespace cartrelay::queue::rocks
