#pragma once

#include <rocksdb/listener.h>
#include <rocksdb/table_properties.h>

namespace cartrelay::queue::rocks {

/// Flushes and compactions are work put off: they step back behind the threads that a shop waits for. Without
/// it a flush takes a whole processor for some milliseconds whenever a memtable is full, and the slowest
/// answers are those.
class modest_background final : public rocksdb::EventListener {
 public:
  void OnFlushBegin(rocksdb::DB* db, const rocksdb::FlushJobInfo& job) override;
  void OnCompactionBegin(rocksdb::DB* db, const rocksdb::CompactionJobInfo& job) override;
};

/// Asked about each row of a table that is written, they keep nothing: it is where a flush or a compaction
/// can give way every tenth of a millisecond.
class modest_tables final : public rocksdb::TablePropertiesCollectorFactory {
 public:
  rocksdb::TablePropertiesCollector* CreateTablePropertiesCollector(Context context) override;
  [[nodiscard]] const char* Name() const override { return "cartrelay.modest_tables"; }
};

}  // namespace cartrelay::queue::rocks
