#pragma once

#include <rocksdb/file_system.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace cartrelay::queue::rocks {

/// A file system on which RocksDB's next write-ahead log lies ready: zeros that are on the disk already. Each
/// sync of a file that grows also writes its inode and waits until the file system has noted that its blocks
/// are in use, which another thread does; the sync of one that is written over writes the data and nothing
/// else.
///
/// A thread makes the next log while the current one fills, and begins when the first one was full: a daemon
/// with little to do never has one. Without room to spare (1 GiB) none is made, and logs grow as usual. After
/// a crash zeros follow the newest record; see log_tail.hpp.
///
/// Thread rules: those of rocksdb::FileSystem. Outlives the database.
class prepared_logs final : public rocksdb::FileSystemWrapper {
 public:
  /// `folder` is the database's; a ready log of an earlier process is removed from it.
  prepared_logs(const std::shared_ptr<rocksdb::FileSystem>& disk, std::string folder);
  prepared_logs(const prepared_logs&) = delete;
  prepared_logs& operator=(const prepared_logs&) = delete;
  ~prepared_logs() override;

  const char* Name() const override { return "cartrelay.prepared_logs"; }
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* out,
                                    rocksdb::IODebugContext* context) override;

 private:
  bool take(const std::string& name, const rocksdb::FileOptions& options,
            std::unique_ptr<rocksdb::FSWritableFile>* out, rocksdb::IODebugContext* context);
  void run();
  [[nodiscard]] bool make();
  [[nodiscard]] bool is_stopping();

  const std::string spare_;
  std::mutex mutex_;
  std::condition_variable wake_;
  int logs_begun_ = 0;
  bool wanted_ = false, ready_ = false, stopping_ = false;
  std::thread maker_;  // last: it uses the others
};

}  // namespace cartrelay::queue::rocks
