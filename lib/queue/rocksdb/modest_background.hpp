#pragma once

#include <rocksdb/listener.h>

namespace cartrelay::queue::rocks {

/// Flushes and compactions are work put off: they step back behind the threads that a shop waits for. Without
/// it a flush takes a whole processor for some milliseconds whenever a memtable is full, and the slowest
/// answers are those.
class modest_background final : public rocksdb::EventListener {
 public:
  void OnFlushBegin(rocksdb::DB* db, const rocksdb::FlushJobInfo& job) override;
  void OnCompactionBegin(rocksdb::DB* db, const rocksdb::CompactionJobInfo& job) override;
};

}  // namespace cartrelay::queue::rocks
