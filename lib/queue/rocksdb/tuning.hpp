#pragma once

#include "queue/rocksdb/families.hpp"
#include "queue/rocksdb/horizons.hpp"

#include <rocksdb/db.h>
#include <rocksdb/listener.h>

#include <memory>
#include <vector>

/// RocksDB's settings, for a log that is appended at the end, read forward and dropped from the front.
namespace cartrelay::queue::rocks {

/// All memtables of all families together.
inline constexpr std::uint64_t write_buffers = 48ull << 20;
inline constexpr std::uint64_t largest_wal = 128ull << 20;

[[nodiscard]] rocksdb::DBOptions database_options(rocksdb::Env* env,
                                                  std::shared_ptr<rocksdb::EventListener> faults);
/// For an opening: a listener that heard of a fault hears of no more.
void set_listeners(rocksdb::DBOptions& options, std::shared_ptr<rocksdb::EventListener> faults);
/// In the order of the families.
[[nodiscard]] std::vector<rocksdb::ColumnFamilyDescriptor> family_descriptors(
    const std::shared_ptr<const horizons>& limits);

}  // namespace cartrelay::queue::rocks
