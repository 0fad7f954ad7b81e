#pragma once

#include "queue/rocksdb/engine.hpp"
#include "tests/contract/queue/support.hpp"

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace cartrelay::queue::testing {

/// A log file that calls somebody while it is synced, on the commit thread.
class watched_file final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  watched_file(std::unique_ptr<rocksdb::FSWritableFile> target, const std::function<void()>& synced)
      : FSWritableFileOwnerWrapper(std::move(target)), synced_(synced) {}

  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
    synced_();
    return FSWritableFileOwnerWrapper::Sync(options, context);
  }

 private:
  const std::function<void()>& synced_;
};

class watched_disk final : public rocksdb::FileSystemWrapper {
 public:
  watched_disk() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

  const char* Name() const override { return "watched_disk"; }
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* out,
                                    rocksdb::IODebugContext* context) override {
    auto status = FileSystemWrapper::NewWritableFile(name, options, out, context);
    if (status.ok() && name.ends_with(".log")) *out = std::make_unique<watched_file>(std::move(*out), synced);
    return status;
  }

  std::function<void()> synced = [] {};  ///< set while nothing is written
};

/// A queue on such a disk.
struct watched_queue {
  const temporary_folder folder;
  const std::shared_ptr<watched_disk> disk = std::make_shared<watched_disk>();
  const std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(disk);
  client queue{[this] {
    return rocks::open(settings_in(folder.path()), base::system_clock(), {env.get(), {}});
  }};
};

}  // namespace cartrelay::queue::testing
