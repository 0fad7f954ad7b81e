#pragma once

#include "queue/rocksdb/store.hpp"

#include <rocksdb/status.h>

#include <string>

namespace cartrelay::queue::rocks {

/// Writes into a new database whatever the tables and the logs of a closed one still hold, the newest version
/// of each row, without asking the manifest, which is damaged or names tables that are gone. RocksDB's own
/// repair makes a table of each log; what a table holds already stands in two of one level then, and the
/// database does not open (7.8).
///
/// Left out with a warning: tables that cannot be read as a whole, and damaged records of logs. Left out
/// without: the search index, which is made anew from the log, and what was trimmed. Meanwhile there are hard
/// links in `<database>.tables`. Fails where the disk does not list the folder.
[[nodiscard]] rocksdb::Status gather(const std::string& database, store& to);

}  // namespace cartrelay::queue::rocks
