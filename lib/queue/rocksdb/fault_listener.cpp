#include "queue/rocksdb/fault_listener.hpp"

#include "base/log.hpp"
#include "queue/errc.hpp"
#include "queue/rocksdb/system_failure.hpp"

#include <utility>

namespace cartrelay::queue::rocks {
namespace {

/// In the compaction that this thread is at, which runs on one. RocksDB does not say of a failed one whether
/// it was a read or a write.
thread_local bool a_read_failed = false;

/// What a compaction reads stands in tables. What it could not write is another matter.
bool met_unreadable_block(const rocksdb::Status& of_compaction) {
  return of_compaction.IsCorruption() || (of_compaction.IsIOError() && a_read_failed);
}

}  // namespace

void fault_listener::on_failure(base::unique_function<void(const base::error&)> failed) {
  std::unique_lock lock(mutex_);
  if (!happened_) {
    failed_ = std::move(failed);
    return;
  }
  const auto what = what_;
  // Whoever hears of it may have the store opened anew, with another listener in this one's place.
  lock.unlock();
  failed(what);
}

void fault_listener::OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* status) {
  if (reason == rocksdb::BackgroundErrorReason::kCompaction && met_unreadable_block(*status)) {
    base::log::error("queue: a stored block cannot be read: {}", status->ToString());
    *status = rocksdb::Status::OK();
    return;
  }
  std::lock_guard lock(mutex_);
  if (happened_) return;
  happened_ = true;
  what_ = fail(is_full(*status) ? errc::disk_low : errc::read_only,
               "background write failed: " + status->ToString());
  if (failed_) failed_(what_);
}

void fault_listener::OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason /*reason*/,
                                          rocksdb::Status /*status*/, bool* recover) {
  *recover = false;
}

void fault_listener::OnCompactionBegin(rocksdb::DB* /*db*/, const rocksdb::CompactionJobInfo& /*job*/) {
  a_read_failed = false;
}

void fault_listener::OnIOError(const rocksdb::IOErrorInfo& failure) {
  if (failure.operation == rocksdb::FileOperationType::kRead) a_read_failed = true;
}

void fault_listener::OnCompactionCompleted(rocksdb::DB* /*db*/, const rocksdb::CompactionJobInfo& job) {
  if (!met_unreadable_block(job.status)) return;
  std::lock_guard lock(mutex_);
  unreadable_.push_back(job.cf_name);
  any_unreadable_ = true;
}

std::vector<std::string> fault_listener::take_unreadable_families() {
  if (!any_unreadable_.exchange(false)) return {};
  std::lock_guard lock(mutex_);
  return std::exchange(unreadable_, {});
}

}  // namespace cartrelay::queue::rocks
