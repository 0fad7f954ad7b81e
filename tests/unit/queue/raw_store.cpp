#include "tests/unit/queue/raw_store.hpp"

#include "queue/rocksdb/bytes.hpp"
#include "queue/rocksdb/ledger.hpp"
#include "queue/rocksdb/records.hpp"
#include "queue/rocksdb/routes.hpp"
#include "queue/rocksdb/store_records.hpp"
#include "queue/rocksdb/tuning.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace cartrelay::queue::testing {

namespace {

/// A destination's backlog as `routes`, `ends` and the exceptions tell it: what the totals must add up to.
std::uint64_t recounted_backlog(const rocks::store& data, const unit& of, sequence next) {
  std::uint64_t unfinished = 0, waiting_after = 0;
  rocks::for_each_run(data, of.cursor + 1, next, [&](sequence first, const rocks::route_run& run) {
    if (std::find(run.to.begin(), run.to.end(), of.id) == run.to.end()) return;
    for (auto number = first; number < first + run.count; ++number) {
      if (!of.finished(number)) ++unfinished;
      if (of.waits(number)) ++waiting_after;
    }
  });
  return unfinished + of.waiting() - waiting_after;
}

}  // namespace

void with_raw_store(const std::filesystem::path& folder, const std::function<void(rocks::store&)>& change) {
  auto faults = std::make_shared<rocks::fault_listener>();
  std::unique_ptr<rocks::store> data;
  const auto status =
      rocks::store::open((folder / "db").string(), rocks::database_options(nullptr, faults), faults, data);
  ASSERT_TRUE(status.ok()) << status.ToString();
  change(*data);
}

bool flip_bit(rocks::store& data, rocks::family in, const std::string& key, std::size_t at) {
  auto value = data.get(in, key).value();
  if (!value || value->size() <= at) return false;
  (*value)[at] = static_cast<char>((*value)[at] ^ 1);
  rocksdb::WriteBatch batch;
  batch.Put(data[in], key, *value);
  return data.write(batch).ok();
}

void put_later_format(rocks::store& data) {
  std::string later;
  rocks::byte_writer(later).u8(rocks::value_format).varint(rocks::store_format + 1);
  rocks::seal(rocks::store_entry, later);
  rocksdb::WriteBatch batch;
  batch.Put(data[rocks::family::meta], std::string(rocks::store_entry), later);
  ASSERT_TRUE(data.write(batch).ok());
}

void flip_byte(const std::filesystem::path& file, std::size_t at) {
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekg(static_cast<std::streamoff>(at));
  const auto value = bytes.get();
  bytes.seekp(static_cast<std::streamoff>(at));
  bytes.put(static_cast<char>(value ^ 0xff));
  ASSERT_TRUE(bytes.good()) << file;
}

std::vector<std::filesystem::path> files_of(const std::filesystem::path& folder,
                                            const std::string& extension) {
  std::vector<std::filesystem::path> out;
  for (const auto& each : std::filesystem::directory_iterator(folder / "db"))
    if (each.path().extension() == extension) out.push_back(each.path());
  std::sort(out.begin(), out.end());
  return out;
}

void lay_out_in_tables(const std::filesystem::path& folder, rocks::family which, std::size_t bytes) {
  with_raw_store(folder, [&](rocks::store& data) {
    ASSERT_TRUE(data.db().SetOptions(data[which], {{"target_file_size_base", std::to_string(bytes)}}).ok());
    rocksdb::CompactRangeOptions how;
    how.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    ASSERT_TRUE(data.db().CompactRange(how, data[which], nullptr, nullptr).ok());
  });
}

std::vector<stored_table> tables_of(const std::filesystem::path& folder, const std::string& family) {
  std::vector<stored_table> tables;
  with_raw_store(folder, [&](rocks::store& data) {
    for (std::size_t i = 0; i < rocks::family_names.size(); ++i)
      ASSERT_TRUE(data.db().Flush({}, data[static_cast<rocks::family>(i)]).ok());
    std::vector<rocksdb::LiveFileMetaData> files;
    data.db().GetLiveFilesMetaData(&files);
    for (const auto& each : files)
      if (each.column_family_name == family)
        tables.push_back({each.smallestkey, folder / ("db" + each.name)});
  });
  std::sort(tables.begin(), tables.end(), [](const stored_table& one, const stored_table& other) {
    return one.first_key < other.first_key;
  });
  return tables;
}

std::filesystem::path table_of(const std::filesystem::path& folder, const std::string& family) {
  const auto tables = tables_of(folder, family);
  return tables.empty() ? std::filesystem::path() : tables.back().file;
}

void expect_balanced(const std::filesystem::path& folder) {
  with_raw_store(folder, [](rocks::store& data) {
    const auto where = rocks::decode_position(
        data.get(rocks::family::meta, std::string(rocks::position_entry)).value().value_or(std::string()));
    ASSERT_TRUE(where);
    auto books = rocks::ledger::load(data, *where);
    ASSERT_TRUE(books);
    for (const auto& [id, each] : (*books)->units())
      EXPECT_EQ(each.counts.backlog(), recounted_backlog(data, each, where->next)) << each.name;
  });
}

}  // namespace cartrelay::queue::testing
