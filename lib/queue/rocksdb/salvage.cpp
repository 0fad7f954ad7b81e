#include "queue/rocksdb/salvage.hpp"

#include "base/log.hpp"
#include "queue/errc.hpp"
#include "queue/rocksdb/tuning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace cartrelay::queue::rocks {
namespace {

namespace fs = std::filesystem;

/// RocksDB writes tables and logs once and never changes a byte of them; a hard link keeps them for nothing.
bool can_be_linked(const fs::path& file) {
  return file.extension() == ".sst" || file.extension() == ".log";
}

std::error_code keep(const fs::path& file, const fs::path& aside) {
  std::error_code failure;
  const auto target = aside / file.filename();
  if (can_be_linked(file)) fs::create_hard_link(file, target, failure);
  if (!can_be_linked(file) || failure) fs::copy_file(file, target, failure);
  return failure;
}

rocksdb::Status repaired(const std::string& database, const rocksdb::DBOptions& how) {
  const auto families = family_descriptors(std::make_shared<horizons>());
  return rocksdb::RepairDB(database, how, families);
}

}  // namespace

base::result<void> set_aside(const std::string& folder, base::timestamp now) {
  auto stamp = base::format_rfc3339_millis(now);
  std::replace(stamp.begin(), stamp.end(), ':', '-');
  const fs::path aside = folder + "/set-aside-" + stamp, database = folder + "/db";
  std::error_code failure;
  fs::create_directories(aside, failure);
  if (!fs::exists(database)) return {};
  for (const auto& entry : fs::directory_iterator(database, failure)) {
    if (failure) break;
    if (entry.is_regular_file() && entry.path().filename() != "LOCK") failure = keep(entry.path(), aside);
    if (failure) break;
  }
  if (failure)
    return fail(errc::read_only,
                fmt::format("cannot set files aside in {}: {}", aside.string(), failure.message()));
  base::log::warning("queue: the damaged files are kept in {}", aside.string());
  return {};
}

rocksdb::Status open_damaged(const std::string& database, rocksdb::DBOptions how,
                             const std::shared_ptr<fault_listener>& faults, std::unique_ptr<store>& out) {
  how.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  auto status = store::open(database, how, faults, out);
  if (status.ok()) return status;
  base::log::warning("queue: not recovered to a point in time: {}", status.ToString());
  how.wal_recovery_mode = rocksdb::WALRecoveryMode::kSkipAnyCorruptedRecords;
  status = store::open(database, how, faults, out);
  if (status.ok()) return status;
  base::log::warning("queue: not recovered by skipping: {}", status.ToString());
  status = repaired(database, how);
  return status.ok() ? store::open(database, how, faults, out) : status;
}

position position_of_log(const store& data) {
  position found;
  const auto low = log_key(0, 0), high = log_key(0, ~sequence{0});
  const rocksdb::Slice lower(low), upper(high);
  const auto options = scan_options(lower, upper);
  const std::unique_ptr<rocksdb::Iterator> at(data.db().NewIterator(options, data[family::log]));
  at->Seek(lower);
  if (!at->Valid()) return found;
  found.first = sequence_of(at->key().ToStringView());
  at->SeekForPrev(upper);
  found.next = at->Valid() ? sequence_of(at->key().ToStringView()) + 1 : found.first;
  found.events = found.next - found.first;
  return found;
}

}  // namespace cartrelay::queue::rocks
