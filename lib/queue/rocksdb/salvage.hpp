#pragma once

#include "base/error.hpp"
#include "base/time.hpp"
#include "queue/rocksdb/store.hpp"
#include "queue/rocksdb/store_records.hpp"

#include <memory>
#include <string>

/// What `--accept-data-loss` does with a database that does not open strictly.
namespace cartrelay::queue::rocks {

/// Keeps every file of `<folder>/db` that holds something, and the marker, in `<folder>/set-aside-<now>/`:
/// table files and logs, deleted ones too, as hard links, the rest as copies. The database itself stays where
/// it is; from here on it may be changed. Does nothing where that is so already: what was set aside then is
/// the store as it was. See read_accepting().
[[nodiscard]] base::result<void> set_aside(const std::string& folder, base::timestamp now);
/// The database and the marker become again what was set aside as `aside`.
[[nodiscard]] base::result<void> put_back(const std::string& folder, const std::string& aside);

/// Where the disk does not give a log as a whole, what it gives of it takes its place. Then it tries, from
/// the least loss to the most: the newest manifest if CURRENT is gone, all logs that are left, all records of
/// the logs that can be read, a new database of whatever tables and logs of `<folder>/db` hold. Then it opens
/// strictly, as `how` says.
[[nodiscard]] rocksdb::Status open_damaged(const std::string& folder, const rocksdb::DBOptions& how,
                                           const std::shared_ptr<fault_listener>& faults,
                                           std::unique_ptr<store>& out);

/// Every block of every family but the log can be read. Reads all of them.
[[nodiscard]] bool readable(const store& data);

/// Where some block outside the log cannot be read, no later start would get past it: whatever can be read
/// is written into a new database, which takes the place of the old one in one step. Unreadable blocks of the
/// log alone are left to its readers, who set their records aside. It is opened as `how` says, with a fault
/// listener of its own.
[[nodiscard]] base::result<void> renew_unreadable(const std::string& folder, const rocksdb::DBOptions& how,
                                                  std::unique_ptr<store>& data);

/// The position as the log itself tells it.
[[nodiscard]] position position_of_log(const store& data);

}  // namespace cartrelay::queue::rocks
