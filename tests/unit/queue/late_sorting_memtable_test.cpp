// The memtable of the idempotency keys, under a whole database: whatever was written comes out of it as out
// of a map.

#include "queue/rocksdb/late_sorting_memtable.hpp"

#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>

namespace cartrelay::queue::rocks {
namespace {

class database {
 public:
  explicit database(std::size_t buckets) : env_(rocksdb::NewMemEnv(rocksdb::Env::Default())) {
    rocksdb::Options options;
    options.env = env_.get();
    options.create_if_missing = true;
    options.allow_concurrent_memtable_write = false;
    options.memtable_factory = std::make_shared<late_sorting_memtables>(buckets);
    rocksdb::DB* made = nullptr;
    const auto opened = rocksdb::DB::Open(options, "/db", &made);
    if (!opened.ok()) throw std::runtime_error(opened.ToString());
    db_.reset(made);
  }

  void put(const std::string& key, const std::string& value) {
    ASSERT_TRUE(db_->Put(rocksdb::WriteOptions(), key, value).ok());
    expected_[key] = value;
  }
  void remove(const std::string& key) {
    ASSERT_TRUE(db_->Delete(rocksdb::WriteOptions(), key).ok());
    expected_.erase(key);
  }
  void flush() { ASSERT_TRUE(db_->Flush(rocksdb::FlushOptions()).ok()); }
  [[nodiscard]] std::optional<std::string> get(const std::string& key) const {
    std::string value;
    if (!db_->Get(rocksdb::ReadOptions(), key, &value).ok()) return std::nullopt;
    return value;
  }
  [[nodiscard]] std::unique_ptr<rocksdb::Iterator> walk() const {
    return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(rocksdb::ReadOptions()));
  }
  [[nodiscard]] const std::map<std::string, std::string>& expected() const { return expected_; }

  void expect_all() const {
    const auto at = walk();
    at->SeekToFirst();
    for (const auto& [key, value] : expected_) {
      ASSERT_TRUE(at->Valid());
      EXPECT_EQ(at->key().ToString(), key);
      EXPECT_EQ(at->value().ToString(), value);
      EXPECT_EQ(get(key), value);
      at->Next();
    }
    EXPECT_FALSE(at->Valid());
    at->SeekToLast();
    for (auto each = expected_.rbegin(); each != expected_.rend(); ++each, at->Prev())
      ASSERT_TRUE(at->Valid() && at->key() == each->first);
    EXPECT_FALSE(at->Valid());
  }

 private:
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<rocksdb::DB> db_;
  std::map<std::string, std::string> expected_;
};

/// Long and short, often with the same first eight bytes or the same bucket.
std::string some_key(std::mt19937_64& random) {
  std::string key;
  const auto length = random() % 24;
  for (std::size_t i = 0; i < length; ++i)
    key += static_cast<char>(i < 8 ? random() % 2 * 0xff : random());
  return key;
}

class late_sorting : public ::testing::TestWithParam<std::size_t> {};

TEST_P(late_sorting, holds_what_a_map_holds) {
  database data(GetParam());
  std::mt19937_64 random(7);
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 500; ++i) {
      const auto key = some_key(random);
      if (random() % 4 == 0)
        data.remove(key);
      else
        data.put(key, std::to_string(i));
      if (i % 250 == 0) data.expect_all();
    }
    if (round % 2 == 1) data.flush();
    data.expect_all();
  }
}

TEST_P(late_sorting, finds_places_between_rows) {
  database data(GetParam());
  std::mt19937_64 random(11);
  for (int i = 0; i < 500; ++i)
    data.put(some_key(random), "");
  const auto at = data.walk();
  for (int i = 0; i < 500; ++i) {
    const auto key = some_key(random);
    const auto after = data.expected().lower_bound(key);
    at->Seek(key);
    ASSERT_EQ(at->Valid(), after != data.expected().end());
    if (at->Valid()) {
      EXPECT_EQ(at->key().ToString(), after->first);
    }
    const auto beyond = data.expected().upper_bound(key);
    at->SeekForPrev(key);
    ASSERT_EQ(at->Valid(), beyond != data.expected().begin());
    if (at->Valid()) {
      EXPECT_EQ(at->key().ToString(), std::prev(beyond)->first);
    }
    EXPECT_EQ(data.get(key).has_value(), data.expected().contains(key));
  }
}

TEST_P(late_sorting, is_read_while_it_is_written) {
  database data(GetParam());
  constexpr int rows = 5000;
  std::atomic<int> written{0};
  std::thread reader([&] {
    while (written < rows) {
      const int known = written;
      EXPECT_TRUE(known == 0 || data.get("row " + std::to_string(known - 1)));
      const auto at = data.walk();
      int seen = 0;
      for (at->SeekToFirst(); at->Valid(); at->Next())
        ++seen;
      EXPECT_GE(seen, known);
    }
  });
  for (int i = 0; i < rows; ++i) {
    data.put("row " + std::to_string(i), "x");
    written = i + 1;
  }
  reader.join();
}

INSTANTIATE_TEST_SUITE_P(buckets, late_sorting, ::testing::Values(1, 4, 1024),
                         ::testing::PrintToStringParamName());

}  // namespace
}  // namespace cartrelay::queue::rocks
