#pragma once

#include <rocksdb/listener.h>
#include <rocksdb/table_properties.h>

namespace cartrelay::queue::rocks {

/// Compactions are work put off: they step back behind the threads that a shop waits for. Flushes do not,
/// since memtables would wait for them in memory on a busy host; they only give way (modest_tables).
class modest_background final : public rocksdb::EventListener {
 public:
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
