#pragma once

#include "queue/rocksdb/store.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace cartrelay::queue::rocks {

/// Walks [low, high) of one family, in either direction, and never ends early without saying so. RocksDB 7.8
/// does where it heeds range deletions: a table that cannot be opened, or whose first block cannot be read,
/// then looks like the end. So they are not heeded: rows that a trim has deleted may be shown. All of these
/// lie below the log's first record (notes of the index: in its newest segment). Nothing of what is read
/// stays in the block cache. One thread; the store outlives it.
class scan {
 public:
  /// `moment`: a snapshot that outlives this, or null for now.
  scan(const store& data, family from, std::string low, std::string high,
       const rocksdb::Snapshot* moment = nullptr);
  scan(const scan&) = delete;  // its bounds are looked at where they are
  scan& operator=(const scan&) = delete;

  void seek(std::string_view key) { at_->Seek(key); }              ///< the first row from there on
  void seek_back(std::string_view key) { at_->SeekForPrev(key); }  ///< the last row up to there
  void seek_first() { at_->Seek(lower_); }
  void seek_last() { at_->SeekForPrev(upper_); }
  void next() { at_->Next(); }
  void previous() { at_->Prev(); }
  /// Stands on a row.
  [[nodiscard]] bool valid() const { return at_->Valid(); }
  [[nodiscard]] std::string_view key() const { return at_->key().ToStringView(); }
  [[nodiscard]] std::string_view value() const { return at_->value().ToStringView(); }
  /// OK: where it is not valid, there are no more rows.
  [[nodiscard]] rocksdb::Status status() const { return at_->status(); }

  [[nodiscard]] const std::string& low() const noexcept { return low_; }
  [[nodiscard]] const std::string& high() const noexcept { return high_; }
  /// Forgets what it met: an iterator that has seen damage finds it wherever it seeks next (RocksDB 7.8).
  void renew();

 private:
  const store& data_;
  const family from_;
  const std::string low_, high_;
  const rocksdb::Slice lower_, upper_;
  rocksdb::ReadOptions options_;
  std::unique_ptr<rocksdb::Iterator> at_;
};

}  // namespace cartrelay::queue::rocks
