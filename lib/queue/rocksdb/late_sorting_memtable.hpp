#pragma once

#include <rocksdb/memtablerep.h>

#include <cstddef>

namespace cartrelay::queue::rocks {

/// Memtables for idempotency keys, which are hashes and are asked for as a whole. In a skip list such a row
/// costs a search for its place when it is written, twenty cache misses while a shop waits; RocksDB's own
/// unsorted memtables put that off to the flush, but compare whole keys through two virtual calls each then,
/// which made two thirds of all flushing. Here a row is noted as it comes, and put in order by the leading
/// bytes of its key, as plain numbers, when the table is flushed or iterated.
///
/// Thread rules are RocksDB's: one thread writes, others read at any time; allow_concurrent_memtable_write is
/// off.
class late_sorting_memtables final : public rocksdb::MemTableRepFactory {
 public:
  /// Of the hash table by which whole keys are found: about one key in each.
  static constexpr std::size_t usual_buckets = 1 << 16;

  /// `buckets`: made a power of two; tests take few, so that keys share one.
  explicit late_sorting_memtables(std::size_t buckets = usual_buckets) : buckets_(buckets) {}

  rocksdb::MemTableRep* CreateMemTableRep(const rocksdb::MemTableRep::KeyComparator& order,
                                          rocksdb::Allocator* memory, const rocksdb::SliceTransform* prefixes,
                                          rocksdb::Logger* log) override;
  [[nodiscard]] const char* Name() const override { return "late_sorting_memtables"; }

 private:
  std::size_t buckets_;
};

}  // namespace cartrelay::queue::rocks
