#pragma once

#include <rocksdb/listener.h>

#include <atomic>

namespace cartrelay::queue::rocks {

/// Counts the compactions of the log that are under way: what they free is not free yet. One for each
/// opening.
class log_merges final : public rocksdb::EventListener {
 public:
  /// Any thread.
  [[nodiscard]] bool any() const noexcept { return under_way_.load() > 0; }

  void OnCompactionBegin(rocksdb::DB* db, const rocksdb::CompactionJobInfo& job) override;
  void OnCompactionCompleted(rocksdb::DB* db, const rocksdb::CompactionJobInfo& job) override;

 private:
  std::atomic<int> under_way_{0};
};

}  // namespace cartrelay::queue::rocks
