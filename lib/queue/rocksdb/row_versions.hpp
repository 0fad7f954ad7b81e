#pragma once

#include "base/error.hpp"

#include <rocksdb/db.h>
#include <rocksdb/utilities/debug.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

/// Rows with the numbers of the writes that made them, from files that no database holds together any more.
namespace cartrelay::queue::rocks {

using row_versions = std::vector<rocksdb::KeyVersion>;

/// As RocksDB's dbformat.h has them; nothing else is ever written but ranges.
enum version_type : int { deletion = 0, value = 1 };

/// By key, the newest of each first.
[[nodiscard]] bool stands_before(const rocksdb::KeyVersion& one, const rocksdb::KeyVersion& other);

/// What RocksDB's number of a column family stands for is the caller's to know.
struct logged_rows {
  struct range {
    std::string low, high;
    rocksdb::SequenceNumber sequence = 0;
  };
  row_versions rows;          ///< in order
  std::vector<range> ranges;  ///< that were deleted
};

/// All whole records of all write-ahead logs of a folder, by the number of their column family. In memory.
/// Damaged ones are left out, with a warning for each log that has some. Fails where the disk does not list
/// the folder.
[[nodiscard]] base::result<std::map<std::uint32_t, logged_rows>> read_logs(const std::string& folder);

/// One table in a database of its own, where it overlaps with nothing. What is deleted as a range is not
/// told.
class lone_table {
 public:
  /// Which column family it is of, as the table itself says.
  struct origin {
    std::uint32_t number = 0;
    std::string name;
  };
  [[nodiscard]] static rocksdb::Status look(const std::filesystem::path& table, origin& out);

  /// `folder` is made for it, and goes with it. Fails if some part of the table cannot be read.
  [[nodiscard]] static rocksdb::Status open(const std::filesystem::path& table, const std::string& name,
                                            const std::filesystem::path& folder,
                                            std::unique_ptr<lone_table>& out);
  ~lone_table();
  lone_table(const lone_table&) = delete;
  lone_table& operator=(const lone_table&) = delete;

  /// The next rows in order; none at the end.
  [[nodiscard]] rocksdb::Status next(row_versions& out);

 private:
  explicit lone_table(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path folder_;
  std::string from_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
  rocksdb::DB* db_ = nullptr;
};

}  // namespace cartrelay::queue::rocks
