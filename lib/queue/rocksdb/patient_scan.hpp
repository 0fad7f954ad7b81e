#pragma once

#include "queue/rocksdb/scan.hpp"

#include <string>
#include <string_view>

namespace cartrelay::queue::rocks {

/// Rows that a range deletion covers (see scan). They are left out at some cost: for whoever cannot tell them
/// by the log's first record.
enum class deleted_rows { shown, left_out };

/// Walks [low, high) of one family and steps over stored blocks that cannot be read. Where two of them stand
/// close together, readable keys in between may be passed over as well. What is written meanwhile may or may
/// not be seen. One thread; the store outlives it.
class patient_scan {
 public:
  patient_scan(const store& data, family from, std::string low, std::string high,
               deleted_rows deleted = deleted_rows::shown);

  [[nodiscard]] bool valid() const { return at_.valid(); }
  [[nodiscard]] std::string_view key() const { return at_.key(); }
  [[nodiscard]] std::string_view value() const { return at_.value(); }
  void next();
  /// OK: nothing was stepped over so far. Corruption: what was is damaged. Else why the disk did not give it,
  /// which it may do another time.
  [[nodiscard]] const rocksdb::Status& status() const noexcept { return status_; }
  [[nodiscard]] bool whole() const noexcept { return status_.ok(); }

 private:
  void step();
  void step_over();
  void leave_out_deleted();
  [[nodiscard]] bool is_deleted();
  [[nodiscard]] bool readable_from(const std::string& key);
  void note(const rocksdb::Status& why);

  const store& data_;
  family from_;
  std::string reached_;
  scan at_;
  std::unique_ptr<rocksdb::Iterator> sure_;  // of rows that are not deleted; absent: nobody asks
  rocksdb::Status status_;
};

}  // namespace cartrelay::queue::rocks
