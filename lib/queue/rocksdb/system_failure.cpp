#include "queue/rocksdb/system_failure.hpp"

#include "queue/errc.hpp"

#include <fmt/format.h>

#include <cerrno>

namespace cartrelay::queue::rocks {

bool is_full(int why) {
  return why == ENOSPC || why == EDQUOT;
}

/// RocksDB has a code of its own for a full disk alone. Of a quota it has the system's words, at the end.
bool is_full(const rocksdb::Status& status) {
  return status.IsNoSpace() ||
         (status.IsIOError() && status.ToString().ends_with(base::system_message(EDQUOT)));
}

base::error system_failure(std::string_view what, const std::string& path, int why) {
  return fail(is_full(why) ? errc::disk_low : errc::read_only,
              fmt::format("cannot {} {}: {}", what, path, base::system_message(why)));
}

}  // namespace cartrelay::queue::rocks
