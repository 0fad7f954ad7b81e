#include "queue/rocksdb/store.hpp"

#include "base/log.hpp"
#include "queue/errc.hpp"
#include "queue/rocksdb/keys.hpp"
#include "queue/rocksdb/log_chain.hpp"
#include "queue/rocksdb/log_tail.hpp"
#include "queue/rocksdb/log_view.hpp"
#include "queue/rocksdb/system_failure.hpp"
#include "queue/rocksdb/tuning.hpp"

#include <rocksdb/experimental.h>
#include <rocksdb/table_properties.h>

#include <set>
#include <utility>

namespace cartrelay::queue::rocks {

base::error translate(const rocksdb::Status& status) {
  const auto code = status.IsCorruption() ? errc::corrupt
                    : is_full(status)     ? errc::disk_low
                                          : errc::read_only;
  return fail(code, status.ToString());
}

bool may_pass(const rocksdb::Status& status) {
  return !status.ok() && !status.IsCorruption();
}

rocksdb::Status store::open(const std::string& folder, rocksdb::DBOptions how,
                            std::shared_ptr<fault_listener> faults, std::unique_ptr<store>& out) {
  auto made = std::unique_ptr<store>(new store(folder, std::move(how), std::move(faults)));
  made->logs_ = std::make_shared<prepared_logs>(made->how_.env->GetFileSystem(), folder);
  made->lie_on(made->logs_);
  auto status = made->open();
  if (status.ok()) out = std::move(made);
  return status;
}

rocksdb::Status store::look_at(const std::string& folder, rocksdb::DBOptions how,
                               std::unique_ptr<store>& out) {
  auto made = std::unique_ptr<store>(new store(folder, std::move(how), std::make_shared<fault_listener>()));
  auto status = made->open_read_only();
  if (status.ok()) out = std::move(made);
  return status;
}

store::store(std::string folder, rocksdb::DBOptions how, std::shared_ptr<fault_listener> faults)
    : folder_(std::move(folder)),
      how_(std::move(how)),
      limits_(std::make_shared<horizons>()),
      faults_(std::move(faults)) {}

store::~store() {
  close();
}

rocksdb::Status store::open() {
  // The other modes are for what is damaged anyway.
  if (how_.wal_recovery_mode == rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords)
    if (auto status = cut_torn_write(*how_.env, folder_); !status.ok()) return status;
  merges_ = std::make_shared<log_merges>();
  how_.listeners.push_back(merges_);
  return rocksdb::DB::Open(how_, folder_, family_descriptors(limits_), &handles_, &db_);
}

rocksdb::Status store::open_read_only() {
  std::optional<torn_write> torn;
  if (auto status = find_torn_write(*how_.env, folder_, torn); !status.ok()) return status;
  lie_on(std::make_shared<log_view>(how_.env->GetFileSystem(), torn));
  if (auto status = rocksdb::DB::OpenForReadOnly(how_, folder_, family_descriptors(limits_), &handles_, &db_);
      !status.ok())
    return status;
  std::uint64_t needed = 0;
  db_->GetIntProperty(rocksdb::DB::Properties::kMinLogNumberToKeep, &needed);
  return check_log_chain(*how_.env, folder_, needed, torn);
}

/// Before the database is opened.
void store::lie_on(const std::shared_ptr<rocksdb::FileSystem>& disk) {
  disk_ = rocksdb::NewCompositeEnv(disk);
  how_.env = disk_.get();
}

rocksdb::Status store::reopen() {
  close();
  faults_ = std::make_shared<fault_listener>();
  set_listeners(how_, faults_);
  how_.create_if_missing = false;
  return open();
}

void store::close() {
  if (db_ == nullptr) return;
  for (auto* handle : handles_)
    if (const auto status = db_->DestroyColumnFamilyHandle(handle); !status.ok())
      base::log::warning("queue: releasing a column family: {}", status.ToString());
  if (const auto status = db_->Close(); !status.ok())
    base::log::warning("queue: closing the database: {}", status.ToString());
  handles_.clear();
  delete std::exchange(db_, nullptr);
}

base::result<std::optional<std::string>> store::get(family from, std::string_view key,
                                                    const rocksdb::ReadOptions& how) const {
  rocksdb::PinnableSlice value;
  const auto status = get(from, key, how, value);
  if (status.ok()) return std::optional(value.ToString());
  if (status.IsNotFound()) return std::optional<std::string>();
  return translate(status);
}

rocksdb::Status store::get(family from, std::string_view key, const rocksdb::ReadOptions& how,
                           rocksdb::PinnableSlice& value) const {
  auto status = db_->Get(how, (*this)[from], key, &value);
  return status.IsCorruption() ? get_from_its_tables(from, key, how, value) : status;
}

/// Where a family has no more than three files, RocksDB 7.8 asks each of them for every key, and fails for
/// the damage of any. So those are left out in whose range the key does not lie.
rocksdb::Status store::get_from_its_tables(family from, std::string_view key, rocksdb::ReadOptions how,
                                           rocksdb::PinnableSlice& value) const {
  rocksdb::ColumnFamilyMetaData files;
  db_->GetColumnFamilyMetaData((*this)[from], &files);
  std::set<std::uint64_t> others;
  for (const auto& level : files.levels)
    for (const auto& file : level.files)
      if (key < file.smallestkey || key > file.largestkey) others.insert(file.file_number);
  how.table_filter = [&others](const rocksdb::TableProperties& table) {
    return !others.contains(table.orig_file_number);
  };
  how.total_order_seek = true;
  const auto behind = std::string(key) + '\0';
  const rocksdb::Slice lower(key), upper(behind);
  how.iterate_lower_bound = &lower;
  how.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(how, (*this)[from]));
  at->Seek(lower);
  if (!at->Valid()) return at->status().ok() ? rocksdb::Status::NotFound() : at->status();
  value.PinSelf(at->value());
  return rocksdb::Status::OK();
}

base::result<std::optional<std::string>> store::get_sound(family from, std::string_view key,
                                                          const rocksdb::ReadOptions& how) const {
  auto stored = get(from, key, how);
  if (!stored && stored.error().code == errc::corrupt) return std::optional<std::string>();
  return stored;
}

rocksdb::Status store::write(rocksdb::WriteBatch& batch) {
  rocksdb::WriteOptions options;
  options.sync = true;
  return db_->Write(options, &batch);
}

std::uint64_t store::newest_write() const {
  return db_->GetLatestSequenceNumber();
}

std::uint64_t store::bytes() const {
  std::uint64_t files = 0, memory = 0;
  db_->GetAggregatedIntProperty(rocksdb::DB::Properties::kLiveSstFilesSize, &files);
  db_->GetAggregatedIntProperty(rocksdb::DB::Properties::kCurSizeAllMemTables, &memory);
  return files + memory;
}

void store::free_room(sequence first) {
  rocksdb::FlushOptions options;
  options.wait = false;
  options.allow_write_stall = true;
  if (const auto status = db_->Flush(options, handles_); !status.ok())
    base::log::debug("queue: flush: {}", status.ToString());
  const auto low = log_key(0, 0), high = log_key(0, first);
  const rocksdb::Slice begin(low), end(high);
  const auto status = rocksdb::experimental::SuggestCompactRange(db_, (*this)[family::log], &begin, &end);
  if (!status.ok()) base::log::debug("queue: merging the log: {}", status.ToString());
}

bool store::freeing_room() const {
  std::uint64_t flushes = 0, running = 0, merges = 0;
  db_->GetAggregatedIntProperty(rocksdb::DB::Properties::kMemTableFlushPending, &flushes);
  db_->GetIntProperty(rocksdb::DB::Properties::kNumRunningFlushes, &running);
  db_->GetIntProperty((*this)[family::log], rocksdb::DB::Properties::kCompactionPending, &merges);
  return flushes + running + merges > 0 || merges_->any();
}

void store::stop_compacting(std::string_view name) {
  for (auto* handle : handles_) {
    if (handle->GetName() != name) continue;
    const auto status = db_->SetOptions(handle, {{"disable_auto_compactions", "true"}});
    base::log::warning("queue: family {} is not compacted until the next start: {}", name, status.ToString());
  }
}

}  // namespace cartrelay::queue::rocks
