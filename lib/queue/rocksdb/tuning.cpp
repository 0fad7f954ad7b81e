#include "queue/rocksdb/tuning.hpp"

#include "queue/options.hpp"
#include "queue/rocksdb/filters.hpp"
#include "queue/rocksdb/info_log.hpp"
#include "queue/rocksdb/late_sorting_memtable.hpp"
#include "queue/rocksdb/modest_background.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <algorithm>

namespace cartrelay::queue::rocks {
namespace {

rocksdb::CompressionType compression() {
  static const bool lz4 = [] {
    const auto known = rocksdb::GetSupportedCompressions();
    return std::find(known.begin(), known.end(), rocksdb::kLZ4Compression) != known.end();
  }();
  return lz4 ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
}

rocksdb::BlockBasedTableOptions table_options(family which, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = which == family::log ? 32 << 10 : 8 << 10;
  // A walk opens a block when it gets there, not to learn where it begins: one that is damaged stands in
  // nobody's way who is elsewhere.
  table.index_type = rocksdb::BlockBasedTableOptions::kBinarySearchWithFirstKey;
  if (which == family::dedup) {
    // Looked up at random and mostly in vain: a filter answers, and only the parts in use stay in memory.
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
    table.partition_filters = true;
    table.cache_index_and_filter_blocks = true;
    table.cache_index_and_filter_blocks_with_high_priority = true;
    table.metadata_block_size = 64 << 10;  // a new file's filter is one part or two
    // Those of small new files are asked for every event: held, instead of looked up in the cache each time.
    table.metadata_cache_options.top_level_index_pinning = rocksdb::PinningTier::kAll;
    table.metadata_cache_options.partition_pinning = rocksdb::PinningTier::kFlushedAndSimilar;
  }
  if (which == family::state) table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  return table;
}

std::size_t memtable_size(family which) {
  switch (which) {
    case family::log:
    case family::dedup:
      return 16 << 20;  // each file of keys more costs each event a look at its filter
    case family::index:
      return 4 << 20;  // a dozen segments, which is plenty for few and large rows
    default:
      return 8 << 20;
  }
}

/// Where each new row falls between those that are there, whichever file they are in: files are merged with
/// their like.
void merge_with_their_like(rocksdb::ColumnFamilyOptions& options) {
  options.compaction_style = rocksdb::kCompactionStyleUniversal;
  options.level0_file_num_compaction_trigger = 8;
  options.compression = rocksdb::kNoCompression;  // such rows are hashes, which do not shrink
}

rocksdb::ColumnFamilyOptions family_options(family which, const std::shared_ptr<const horizons>& limits,
                                            const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  options.compression = compression();
  options.write_buffer_size = memtable_size(which);
  options.arena_block_size = which == family::log ? 1 << 20 : 128 << 10;
  // Room for one more while a flush is late: writes stop when there is none.
  options.max_write_buffer_number = which == family::log ? 3 : 4;
  options.compaction_filter_factory = filter_for(which, limits);
  options.table_properties_collector_factories = {std::make_shared<modest_tables>()};
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table_options(which, cache)));
  if (which == family::dedup || which == family::index) merge_with_their_like(options);
  if (which == family::dedup) options.memtable_factory = std::make_shared<late_sorting_memtables>();
  return options;
}

}  // namespace

rocksdb::DBOptions database_options(rocksdb::Env* env, std::shared_ptr<rocksdb::EventListener> faults) {
  rocksdb::DBOptions options;
  if (env != nullptr) options.env = env;
  options.info_log = std::make_shared<info_log>();
  options.info_log_level = options.info_log->GetInfoLogLevel();
  set_listeners(options, std::move(faults));
  options.create_missing_column_families = true;
  options.db_write_buffer_size = write_buffers;
  options.allow_concurrent_memtable_write = false;  // there is one writer, and our memtable asks for it
  options.max_total_wal_size = largest_wal;
  options.bytes_per_sync = 1 << 20;
  options.max_background_jobs = 2;
  options.max_open_files = static_cast<int>(queue::options::usual_open_files);
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.max_manifest_file_size = 16 << 20;
  options.skip_stats_update_on_db_open = true;
  // One flipped bit must not silently end the log: what does not read as a torn tail is refused.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // A log that is gone, or shorter than it was synced, must not pass for one that is needed no more.
  options.track_and_verify_wals_in_manifest = true;
  options.paranoid_checks = true;
  // A full disk is not believed to have recovered before a clean start says so.
  options.max_bgerror_resume_count = 0;
  return options;
}

void set_listeners(rocksdb::DBOptions& options, std::shared_ptr<rocksdb::EventListener> faults) {
  options.listeners = {std::make_shared<modest_background>()};
  if (faults) options.listeners.push_back(std::move(faults));
}

std::vector<rocksdb::ColumnFamilyDescriptor> family_descriptors(
    const std::shared_ptr<const horizons>& limits) {
  const auto cache = rocksdb::NewLRUCache(16 << 20);
  std::vector<rocksdb::ColumnFamilyDescriptor> all;
  for (std::size_t i = 0; i < family_names.size(); ++i)
    all.emplace_back(std::string(family_names[i]), family_options(static_cast<family>(i), limits, cache));
  return all;
}

}  // namespace cartrelay::queue::rocks
