#pragma once

#include "queue/rocksdb/store.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>

namespace cartrelay::queue::testing {

/// The database of a closed queue, behind its back.
void with_raw_store(const std::filesystem::path& folder, const std::function<void(rocks::store&)>& change);

/// Changes one bit of one value; false if there is no such key.
bool flip_bit(rocks::store& data, rocks::family in, const std::string& key, std::size_t at);
/// Makes it one of a later format.
void put_later_format(rocks::store& data);
/// Changes a byte of a file.
void flip_byte(const std::filesystem::path& file, std::size_t at);
[[nodiscard]] std::vector<std::filesystem::path> files_of(const std::filesystem::path& folder,
                                                          const std::string& extension);

/// All that the store holds of that family, in the last level, in tables of about so many bytes.
void lay_out_in_tables(const std::filesystem::path& folder, rocks::family which, std::size_t bytes);
struct stored_table {
  std::string first_key;
  std::filesystem::path file;
};
/// The tables of that family in the order of their keys, with all that the store holds of it.
[[nodiscard]] std::vector<stored_table> tables_of(const std::filesystem::path& folder,
                                                  const std::string& family);
/// The only one.
[[nodiscard]] std::filesystem::path table_of(const std::filesystem::path& folder, const std::string& family);

/// The totals of every destination add up to what the store holds.
void expect_balanced(const std::filesystem::path& folder);

}  // namespace cartrelay::queue::testing
