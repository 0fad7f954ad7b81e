#pragma once

#include <pthread.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace cartrelay::queue::testing {

/// A log file whose syncs or writes fail while a switch is on.
class failing_file final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  failing_file(std::unique_ptr<rocksdb::FSWritableFile> target, const std::atomic<bool>& fails,
               const std::atomic<bool>& no_room)
      : FSWritableFileOwnerWrapper(std::move(target)), fails_(fails), no_room_(no_room) {}

  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* context) override {
    if (no_room_) return rocksdb::IOStatus::NoSpace("injected");
    return FSWritableFileOwnerWrapper::Append(data, options, context);
  }
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           const rocksdb::DataVerificationInfo& sums,
                           rocksdb::IODebugContext* context) override {
    if (no_room_) return rocksdb::IOStatus::NoSpace("injected");
    return FSWritableFileOwnerWrapper::Append(data, options, sums, context);
  }

  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
    if (fails_) return rocksdb::IOStatus::IOError("injected");
    return FSWritableFileOwnerWrapper::Sync(options, context);
  }
  rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
    if (fails_) return rocksdb::IOStatus::IOError("injected");
    return FSWritableFileOwnerWrapper::Fsync(options, context);
  }

 private:
  const std::atomic<bool>&fails_, &no_room_;
};

/// One of RocksDB's own threads: their failures no repetition mends.
inline bool in_background() {
  std::array<char, 16> name{};
  return pthread_getname_np(pthread_self(), name.data(), name.size()) == 0 &&
         std::string_view(name.data()).starts_with("rocksdb");
}

/// A table whose reads fail while a switch is on: so many of them, after so many that succeed. Not those in
/// the background.
class unreadable_file final : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  unreadable_file(std::unique_ptr<rocksdb::FSRandomAccessFile> target, const std::atomic<bool>& unreadable,
                  std::atomic<int>& good, std::atomic<int>& bad)
      : FSRandomAccessFileOwnerWrapper(std::move(target)), unreadable_(unreadable), good_(good), bad_(bad) {}

  rocksdb::IOStatus Read(std::uint64_t from, std::size_t size, const rocksdb::IOOptions& options,
                         rocksdb::Slice* result, char* space,
                         rocksdb::IODebugContext* context) const override {
    if (unreadable_ && !in_background() && good_-- <= 0 && bad_-- > 0)
      return rocksdb::IOStatus::IOError("injected");
    return FSRandomAccessFileOwnerWrapper::Read(from, size, options, result, space, context);
  }
  /// The wrapper's would pass by Read().
  rocksdb::IOStatus MultiRead(rocksdb::FSReadRequest* requests, std::size_t count,
                              const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
    return FSRandomAccessFile::MultiRead(requests, count, options, context);
  }

 private:
  const std::atomic<bool>& unreadable_;
  std::atomic<int>&good_, &bad_;
};

/// Bytes of the logs that cannot be read.
struct bad_bytes {
  std::size_t from = 0, to = 0;

  [[nodiscard]] bool meet(std::size_t begin, std::size_t size) const {
    return begin < to && from < begin + size;
  }
};

class sequential_with_bad_bytes final : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  sequential_with_bad_bytes(std::unique_ptr<rocksdb::FSSequentialFile> target, const bad_bytes& bad)
      : FSSequentialFileOwnerWrapper(std::move(target)), bad_(bad) {}

  rocksdb::IOStatus Read(std::size_t size, const rocksdb::IOOptions& options, rocksdb::Slice* result,
                         char* space, rocksdb::IODebugContext* context) override {
    if (bad_.meet(at_, size)) return rocksdb::IOStatus::IOError("injected");
    auto status = FSSequentialFileOwnerWrapper::Read(size, options, result, space, context);
    at_ += result->size();
    return status;
  }

 private:
  const bad_bytes& bad_;
  std::size_t at_ = 0;
};

class random_access_with_bad_bytes final : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  random_access_with_bad_bytes(std::unique_ptr<rocksdb::FSRandomAccessFile> target, const bad_bytes& bad)
      : FSRandomAccessFileOwnerWrapper(std::move(target)), bad_(bad) {}

  rocksdb::IOStatus Read(std::uint64_t from, std::size_t size, const rocksdb::IOOptions& options,
                         rocksdb::Slice* result, char* space,
                         rocksdb::IODebugContext* context) const override {
    if (bad_.meet(from, size)) return rocksdb::IOStatus::IOError("injected");
    return FSRandomAccessFileOwnerWrapper::Read(from, size, options, result, space, context);
  }

 private:
  const bad_bytes& bad_;
};

class failing_disk final : public rocksdb::FileSystemWrapper {
 public:
  failing_disk() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

  const char* Name() const override { return "failing_disk"; }
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* out,
                                    rocksdb::IODebugContext* context) override {
    if (!full_while.empty() && std::filesystem::exists(full_while))
      return rocksdb::IOStatus::NoSpace("injected");
    auto status = FileSystemWrapper::NewWritableFile(name, options, out, context);
    if (status.ok() && name.ends_with(".log"))
      *out = std::make_unique<failing_file>(std::move(*out), fails, no_room);
    return status;
  }

  rocksdb::IOStatus NewSequentialFile(const std::string& name, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* out,
                                      rocksdb::IODebugContext* context) override {
    auto status = FileSystemWrapper::NewSequentialFile(name, options, out, context);
    if (status.ok() && name == bad_log)
      *out = std::make_unique<sequential_with_bad_bytes>(std::move(*out), bad);
    return status;
  }
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
    if (to == bad_log) bad_log.clear();  // another file has its name now
    return FileSystemWrapper::RenameFile(from, to, options, context);
  }
  rocksdb::IOStatus NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* out,
                                        rocksdb::IODebugContext* context) override {
    if (!in_background() && refused_opens > 0 && refused_opens-- > 0)
      return rocksdb::IOStatus::IOError("injected", "Too many open files");
    auto status = FileSystemWrapper::NewRandomAccessFile(name, options, out, context);
    if (status.ok() && name == bad_log)
      *out = std::make_unique<random_access_with_bad_bytes>(std::move(*out), bad);
    else if (status.ok())
      *out = std::make_unique<unreadable_file>(std::move(*out), unreadable, good_reads, bad_reads);
    return status;
  }

  std::atomic<bool> fails{false}, no_room{false}, unreadable{false};
  std::atomic<int> good_reads{0}, bad_reads{1 << 30};  ///< while it is unreadable: first these, then those
  std::atomic<int> refused_opens{0};                   ///< of tables, in the foreground: the next ones
  std::string bad_log;                                 ///< of which these bytes cannot be read
  bad_bytes bad;
  std::filesystem::path full_while;  ///< while this file stands, the disk is full
};

}  // namespace cartrelay::queue::testing
