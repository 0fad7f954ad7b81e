#include "queue/rocksdb/modest_background.hpp"

#include "base/thread.hpp"

namespace cartrelay::queue::rocks {
namespace {

class modest_table final : public rocksdb::TablePropertiesCollector {
 public:
  rocksdb::Status AddUserKey(const rocksdb::Slice& key, const rocksdb::Slice& value,
                             rocksdb::EntryType /*type*/, rocksdb::SequenceNumber /*number*/,
                             std::uint64_t /*file_size*/) override {
    way_.worked(row_itself + key.size() + value.size());
    return rocksdb::Status::OK();
  }
  rocksdb::Status Finish(rocksdb::UserCollectedProperties* /*found*/) override {
    return rocksdb::Status::OK();
  }
  [[nodiscard]] rocksdb::UserCollectedProperties GetReadableProperties() const override { return {}; }
  [[nodiscard]] const char* Name() const override { return "cartrelay.modest_tables"; }

 private:
  static constexpr std::size_t row_itself = 100;  // costs as much as so many bytes

  base::giving_way way_{64 << 10};
};

}  // namespace

rocksdb::TablePropertiesCollector* modest_tables::CreateTablePropertiesCollector(Context /*context*/) {
  return new modest_table;
}

// The threads are RocksDB's and do nothing else. Saying it again costs one system call a job.

void modest_background::OnCompactionBegin(rocksdb::DB* /*db*/, const rocksdb::CompactionJobInfo& /*job*/) {
  base::step_back();
}

}  // namespace cartrelay::queue::rocks
