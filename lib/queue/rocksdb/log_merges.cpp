#include "queue/rocksdb/log_merges.hpp"

#include "queue/rocksdb/families.hpp"

namespace cartrelay::queue::rocks {
namespace {

bool is_the_log(const rocksdb::CompactionJobInfo& job) {
  return job.cf_name == family_names[static_cast<std::size_t>(family::log)];
}

}  // namespace

void log_merges::OnCompactionBegin(rocksdb::DB* /*db*/, const rocksdb::CompactionJobInfo& job) {
  if (is_the_log(job)) ++under_way_;
}

void log_merges::OnCompactionCompleted(rocksdb::DB* /*db*/, const rocksdb::CompactionJobInfo& job) {
  if (is_the_log(job)) --under_way_;
}

}  // namespace cartrelay::queue::rocks
