#pragma once

#include <rocksdb/file_system.h>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>

namespace cartrelay::queue::rocks {

/// How the files are named that hold zeros for the next logs, and those that hold a log which RocksDB has
/// deleted, until there are zeros in them.
inline constexpr std::string_view next_log_prefix = "next-log-", old_log_prefix = "old-log-";

/// A file system on which RocksDB's next write-ahead log lies ready: zeros that are on the disk already. Each
/// sync of a file that grows also writes its inode and waits until the file system has noted that its blocks
/// are in use, which another thread does; the sync of one that is written over writes the data and nothing
/// else. A log that is deleted becomes the next one, so that its blocks are not given back and taken again: a
/// file system that discards what it gives back keeps the disk busy for milliseconds.
///
/// A thread makes the next log while the current one fills, and begins when the first one was full: a daemon
/// with little to do never has one. Without room to spare (1 GiB) none is made, and logs grow as usual. After
/// a crash zeros follow the newest record; see log_tail.hpp.
///
/// Thread rules: those of rocksdb::FileSystem. Outlives the database.
class prepared_logs final : public rocksdb::FileSystemWrapper {
 public:
  /// `folder` is the database's; what an earlier process has left ready is removed from it.
  prepared_logs(const std::shared_ptr<rocksdb::FileSystem>& disk, const std::string& folder);
  prepared_logs(const prepared_logs&) = delete;
  prepared_logs& operator=(const prepared_logs&) = delete;
  ~prepared_logs() override;

  /// Returns when no deleted log holds anything but zeros.
  void wait_until_cleared();

  const char* Name() const override { return "cartrelay.prepared_logs"; }
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* out,
                                    rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;

 private:
  bool take(const std::string& name, const rocksdb::FileOptions& options,
            std::unique_ptr<rocksdb::FSWritableFile>* out, rocksdb::IODebugContext* context);
  bool keep(const std::string& name);
  void run();
  void clear_old(std::unique_lock<std::mutex>& lock);
  void make_one(std::unique_lock<std::mutex>& lock);
  [[nodiscard]] bool clear(const std::string& path);
  [[nodiscard]] std::string new_name(std::string_view kind);
  void remove_all() const;

  const std::string folder_;
  std::mutex mutex_;
  std::condition_variable wake_, cleared_;
  std::deque<std::string> ready_, old_;  // names; old ones hold what they held
  std::set<std::string> given_;          // names of the logs that lie on prepared room
  std::size_t names_given_ = 0;
  bool has_begun_ = false, wanted_ = false;
  std::atomic<bool> stopping_ = false;
  std::thread maker_;  // last: it uses the others
};

}  // namespace cartrelay::queue::rocks
