#pragma once

#include <rocksdb/env.h>
#include <rocksdb/status.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace cartrelay::queue::rocks {

/// What stands at the end of a write-ahead log that lies on prepared zeros (prepared_logs.hpp).
struct log_tail {
  enum class state {
    whole,    ///< records, then nothing or zeros
    torn,     ///< the newest write did not reach the disk as a whole: nobody was told that it had
    holed,    ///< zeros stand before whole records
    damaged,  ///< otherwise wrong: RocksDB says so itself
  };
  state what = state::whole;
  std::size_t records_end = 0;  ///< bytes of whole records; where torn, the newest write begins here
};

/// A record whose checksum is wrong is torn if it is the newest one and some sector (512 bytes) of it holds
/// nothing but zeros: a flipped bit leaves none. That may also be the sector in which it begins, behind the
/// record before it, or one on either side of a border that its header lies across. RocksDB writes the next
/// record only when the sync of the last one has returned, so at most one can be torn, and none that another
/// one follows.
[[nodiscard]] log_tail inspect_log(std::string_view bytes);

/// A newest write that did not reach the disk as a whole.
struct torn_write {
  std::filesystem::path log;
  std::size_t begin = 0;
};

/// That of the newest log of the folder. Corruption where zeros stand before whole records: RocksDB would
/// pass over them without a word. OK and nothing where there is no log. Fails where the disk does not give
/// it.
[[nodiscard]] rocksdb::Status find_torn_write(rocksdb::Env& disk, const std::string& folder,
                                              std::optional<torn_write>& out);
/// Cuts it off, so that the log ends as RocksDB expects one to end after a crash.
[[nodiscard]] rocksdb::Status cut_torn_write(rocksdb::Env& disk, const std::string& folder);

}  // namespace cartrelay::queue::rocks
