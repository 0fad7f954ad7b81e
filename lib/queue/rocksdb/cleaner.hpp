#pragma once

#include "queue/erasure.hpp"
#include "queue/rocksdb/store.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace cartrelay::queue::rocks {

/// Rewrites the files of a database until none of them holds what was deleted or replaced before: memtables
/// to files, so that the write-ahead logs go, then every family into its last level. One thread at a time,
/// apart from interrupt().
class cleaner {
 public:
  /// `data` outlives it.
  explicit cleaner(store& data) : data_(data) {}

  /// Blocks as long as rewriting everything takes; reads and writes go on. Nobody holds a snapshot or an
  /// iterator from before. `room`: what may be used of the disk while old and new files stand beside each
  /// other.
  [[nodiscard]] cleaning clean(std::optional<std::uint64_t> room);
  /// clean() ends soon, and says so. For good. Any thread.
  void interrupt();

 private:
  [[nodiscard]] cleaning rewrite_all();
  [[nodiscard]] rocksdb::Status rewrite(family which);
  [[nodiscard]] rocksdb::Status drop_old_logs();
  [[nodiscard]] rocksdb::Status flush_all();
  [[nodiscard]] std::uint64_t room_needed() const;

  store& data_;
  std::mutex mutex_;
  bool running_ = false;  // only then interrupt() may touch the database
  std::atomic<bool> interrupted_{false};
};

/// Names the folders of files that `--accept-data-loss` has set aside in the queue's; not clean where the
/// disk does not list them.
void tell_set_aside(const std::string& folder, cleaning& done);

}  // namespace cartrelay::queue::rocks
