#pragma once

#include "queue/rocksdb/store.hpp"

#include <string_view>

namespace cartrelay::queue::rocks {

/// Fills one family of a new database, which counts for nothing before it is flushed as a whole: no log.
class bulk_writer {
 public:
  bulk_writer(store& to, family which) : to_(to), family_(which) {}

  [[nodiscard]] rocksdb::Status put(std::string_view key, std::string_view value) {
    if (auto status = batch_.Put(to_[family_], key, value); !status.ok()) return status;
    return batch_.GetDataSize() < most_at_once ? rocksdb::Status::OK() : write();
  }
  [[nodiscard]] rocksdb::Status finish() {
    if (auto status = write(); !status.ok()) return status;
    return to_.db().Flush(rocksdb::FlushOptions(), to_[family_]);
  }

 private:
  static constexpr std::size_t most_at_once = 1 << 20;  // bytes

  rocksdb::Status write() {
    rocksdb::WriteOptions unlogged;
    unlogged.disableWAL = true;
    auto status = to_.db().Write(unlogged, &batch_);
    batch_.Clear();
    return status;
  }

  store& to_;
  family family_;
  rocksdb::WriteBatch batch_;
};

}  // namespace cartrelay::queue::rocks
