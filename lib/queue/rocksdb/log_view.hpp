#pragma once

#include "queue/rocksdb/log_tail.hpp"

#include <rocksdb/file_system.h>

#include <memory>
#include <optional>
#include <string>

namespace cartrelay::queue::rocks {

/// A file system on which the newest log ends where its torn write begins, as if that had been cut off.
class log_view final : public rocksdb::FileSystemWrapper {
 public:
  log_view(const std::shared_ptr<rocksdb::FileSystem>& disk, std::optional<torn_write> torn)
      : FileSystemWrapper(disk), torn_(std::move(torn)) {}

  const char* Name() const override { return "cartrelay.log_view"; }
  rocksdb::IOStatus NewSequentialFile(const std::string& name, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* out,
                                      rocksdb::IODebugContext* context) override;

 private:
  const std::optional<torn_write> torn_;
};

}  // namespace cartrelay::queue::rocks
