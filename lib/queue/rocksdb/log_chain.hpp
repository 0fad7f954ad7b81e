#pragma once

#include "queue/rocksdb/log_tail.hpp"

#include <rocksdb/env.h>
#include <rocksdb/status.h>

#include <cstdint>
#include <optional>
#include <string>

namespace cartrelay::queue::rocks {

/// Whether the write-ahead logs of the folder from number `needed` on hold all writes from their first one to
/// the newest log: each begins with the write behind those of the log before it. Corruption names the logs
/// between which writes are missing; RocksDB itself replays what there is. Older logs hold nothing that is
/// not in the tables, and leave in any order. What `torn` says is no write.
[[nodiscard]] rocksdb::Status check_log_chain(rocksdb::Env& disk, const std::string& folder,
                                              std::uint64_t needed, const std::optional<torn_write>& torn);

}  // namespace cartrelay::queue::rocks
