#pragma once

#include "queue/rocksdb/store.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace cartrelay::queue::rocks {

/// Walks [low, high) of one family and steps over stored blocks that cannot be read. Where two of them stand
/// close together, readable keys in between may be passed over as well. What is written meanwhile may or may
/// not be seen. One thread; the store outlives it.
class patient_scan {
 public:
  patient_scan(const store& data, family from, std::string low, std::string high);
  patient_scan(const patient_scan&) = delete;  // its bounds are looked at where they are
  patient_scan& operator=(const patient_scan&) = delete;

  [[nodiscard]] bool valid() const { return at_->Valid(); }
  [[nodiscard]] std::string_view key() const { return at_->key().ToStringView(); }
  [[nodiscard]] std::string_view value() const { return at_->value().ToStringView(); }
  void next();
  /// OK: nothing was stepped over so far. Corruption: what was is damaged. Else why the disk did not give it,
  /// which it may do another time.
  [[nodiscard]] const rocksdb::Status& status() const noexcept { return status_; }
  [[nodiscard]] bool whole() const noexcept { return status_.ok(); }

 private:
  void step_over();
  [[nodiscard]] bool readable_from(const std::string& key);
  void note(const rocksdb::Status& why);

  const store& data_;
  family from_;
  std::string low_, high_, reached_;
  rocksdb::Slice lower_, upper_;
  rocksdb::ReadOptions options_;
  std::unique_ptr<rocksdb::Iterator> at_;
  rocksdb::Status status_;
};

}  // namespace cartrelay::queue::rocks
