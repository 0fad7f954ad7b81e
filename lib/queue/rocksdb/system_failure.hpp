#pragma once

#include "base/error.hpp"

#include <rocksdb/status.h>

#include <string>
#include <string_view>

namespace cartrelay::queue::rocks {

/// No room is left for us: the disk is full, or a quota is used up. Of an errno, or as RocksDB tells of one.
[[nodiscard]] bool is_full(int why);
[[nodiscard]] bool is_full(const rocksdb::Status& status);
/// `cannot <what> <path>: …`, with errc::disk_low where it is full, else errc::read_only.
[[nodiscard]] base::error system_failure(std::string_view what, const std::string& path, int why);

}  // namespace cartrelay::queue::rocks
