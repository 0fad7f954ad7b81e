#include "queue/rocksdb/modest_background.hpp"

#include "base/thread.hpp"

namespace cartrelay::queue::rocks {
// The threads are RocksDB's and do nothing else. Saying it again costs one system call a job.

void modest_background::OnFlushBegin(rocksdb::DB* /*db*/, const rocksdb::FlushJobInfo& /*job*/) {
  base::step_back();
}

void modest_background::OnCompactionBegin(rocksdb::DB* /*db*/, const rocksdb::CompactionJobInfo& /*job*/) {
  base::step_back();
}

}  // namespace cartrelay::queue::rocks
