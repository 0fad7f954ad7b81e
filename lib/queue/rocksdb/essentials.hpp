#pragma once

#include "queue/rocksdb/store.hpp"
#include "queue/rocksdb/store_records.hpp"

#include <rocksdb/write_batch.h>

#include <map>
#include <optional>
#include <string>

/// A second copy of what a store cannot do without and nothing else could tell: its identity with the hash
/// keys, and the destinations' names. It stands in another family, hence in another file, than the first.
namespace cartrelay::queue::rocks {

void keep_identity(const store& data, rocksdb::WriteBatch& batch, const store_identity& value);
void keep_name(const store& data, rocksdb::WriteBatch& batch, destination_id id, std::string_view name);

/// Absent: none was kept, or it cannot be read.
[[nodiscard]] std::optional<store_identity> kept_identity(const store& data);
[[nodiscard]] std::map<destination_id, std::string> kept_names(const store& data);

}  // namespace cartrelay::queue::rocks
