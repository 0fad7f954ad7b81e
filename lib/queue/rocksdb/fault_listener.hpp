#pragma once

#include "base/error.hpp"
#include "base/unique_function.hpp"

#include <rocksdb/listener.h>

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

namespace cartrelay::queue::rocks {

/// Hears of errors in RocksDB's background threads, and vetoes its attempts to recover by itself: it reports
/// "recovered" after a full disk, and the next write aborts.
class fault_listener final : public rocksdb::EventListener {
 public:
  /// `failed` is called at most once, on a thread of RocksDB's (or at once, if it has happened already), with
  /// errc::disk_low if there was no room, else errc::read_only.
  void on_failure(base::unique_function<void(const base::error&)> failed);
  /// A compaction met a block that is damaged, or that the disk does not give. It must not stop the writes:
  /// whoever needs the records sets them aside, or asks again, and they leave with their segment. Names the
  /// families since the last call: compacting them should be switched off, or RocksDB tries for ever. Cheap
  /// when there are none.
  [[nodiscard]] std::vector<std::string> take_unreadable_families();

  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* status) override;
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason reason, rocksdb::Status status,
                            bool* recover) override;
  void OnCompactionBegin(rocksdb::DB* db, const rocksdb::CompactionJobInfo& job) override;
  void OnCompactionCompleted(rocksdb::DB* db, const rocksdb::CompactionJobInfo& job) override;
  bool ShouldBeNotifiedOnFileIO() override { return true; }
  void OnIOError(const rocksdb::IOErrorInfo& failure) override;

 private:
  std::mutex mutex_;
  base::unique_function<void(const base::error&)> failed_;
  bool happened_ = false;
  base::error what_;
  std::vector<std::string> unreadable_;
  std::atomic<bool> any_unreadable_{false};
};

}  // namespace cartrelay::queue::rocks
