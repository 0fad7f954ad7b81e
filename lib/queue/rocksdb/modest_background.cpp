#include "queue/rocksdb/modest_background.hpp"

#include "base/thread.hpp"

namespace cartrelay::queue::rocks {
namespace {

/// The thread is RocksDB's, and does nothing else.
void step_back_once() {
  thread_local const bool done = [] {
    base::step_back();
    return true;
  }();
  static_cast<void>(done);
}

}  // namespace

void modest_background::OnFlushBegin(rocksdb::DB* /*db*/, const rocksdb::FlushJobInfo& /*job*/) {
  step_back_once();
}

void modest_background::OnCompactionBegin(rocksdb::DB* /*db*/, const rocksdb::CompactionJobInfo& /*job*/) {
  step_back_once();
}

}  // namespace cartrelay::queue::rocks
