#pragma once

#include <rocksdb/memtablerep.h>

#include <cstddef>

namespace cartrelay::queue::rocks {

/// Memtables for families whose keys begin with hashes. In a skip list such a row costs a search for its
/// place when it is written, twenty cache misses while a shop waits; RocksDB's own unsorted memtables put
/// that off to the flush, but compare whole keys through two virtual calls each then, which made two thirds
/// of all flushing. Here a row is noted as it comes, and put in order by the leading bytes of its key, as
/// plain numbers, when the table is flushed or iterated.
///
/// Thread rules are RocksDB's: one thread writes, others read at any time; allow_concurrent_memtable_write is
/// off.
class late_sorting_memtables final : public rocksdb::MemTableRepFactory {
 public:
  /// `buckets`: of the hash table by which whole keys are found, made a power of two; 1 is enough where none
  /// is ever asked for.
  explicit late_sorting_memtables(std::size_t buckets) : buckets_(buckets) {}

  rocksdb::MemTableRep* CreateMemTableRep(const rocksdb::MemTableRep::KeyComparator& order,
                                          rocksdb::Allocator* memory, const rocksdb::SliceTransform* prefixes,
                                          rocksdb::Logger* log) override;
  [[nodiscard]] const char* Name() const override { return "late_sorting_memtables"; }

 private:
  std::size_t buckets_;
};

}  // namespace cartrelay::queue::rocks
