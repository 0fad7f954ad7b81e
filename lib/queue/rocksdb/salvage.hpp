#pragma once

#include "base/error.hpp"
#include "base/time.hpp"
#include "queue/rocksdb/records.hpp"
#include "queue/rocksdb/store.hpp"

#include <memory>
#include <string>

/// What `--accept-data-loss` does with a database that does not open strictly.
namespace cartrelay::queue::rocks {

/// Keeps every file of `<folder>/db` in `<folder>/set-aside-<time>/`: table files and logs as hard links,
/// the rest as copies. The database itself stays where it is.
[[nodiscard]] base::result<void> set_aside(const std::string& folder, base::timestamp now);

/// Tries, from the least loss to the most: everything up to the first damage (a state that once was), all
/// records of the log that can be read, RocksDB's repair.
[[nodiscard]] rocksdb::Status open_damaged(const std::string& database, rocksdb::DBOptions how,
                                           const std::shared_ptr<fault_listener>& faults,
                                           std::unique_ptr<store>& out);

/// The position as the log itself tells it.
[[nodiscard]] position position_of_log(const store& data);

}  // namespace cartrelay::queue::rocks
