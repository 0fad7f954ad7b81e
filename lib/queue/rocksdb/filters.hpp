#pragma once

#include "queue/rocksdb/families.hpp"
#include "queue/rocksdb/horizons.hpp"

#include <rocksdb/compaction_filter.h>

#include <memory>

namespace cartrelay::queue::rocks {

/// Drops what the horizons allow while RocksDB compacts: old idempotency keys, rows of the index
/// that are of no use, expired state. Null for families that lose nothing this way. Entries that cannot be
/// read are kept.
[[nodiscard]] std::shared_ptr<rocksdb::CompactionFilterFactory> filter_for(
    family which, std::shared_ptr<const horizons> limits);

}  // namespace cartrelay::queue::rocks
