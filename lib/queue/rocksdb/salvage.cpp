#include "queue/rocksdb/salvage.hpp"

#include "base/file.hpp"
#include "base/log.hpp"
#include "queue/errc.hpp"
#include "queue/rocksdb/bulk_writer.hpp"
#include "queue/rocksdb/gathering.hpp"
#include "queue/rocksdb/log_format.hpp"
#include "queue/rocksdb/marker.hpp"
#include "queue/rocksdb/patient_scan.hpp"
#include "queue/rocksdb/prepared_logs.hpp"
#include "queue/rocksdb/private_folder.hpp"
#include "queue/rocksdb/tuning.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <utility>

namespace cartrelay::queue::rocks {
namespace {

namespace fs = std::filesystem;

/// A deleted log was in the tables when RocksDB deleted it, but these may be what is damaged.
bool is_deleted_log(const fs::path& file) {
  return file.filename().string().starts_with(old_log_prefix);
}

/// Tables and logs are written once, a log that has another link is not written over, and deleted ones are
/// removed by the next opening; a hard link keeps them for nothing.
bool can_be_linked(const fs::path& file) {
  return file.extension() == ".sst" || file.extension() == ".log" || is_deleted_log(file);
}

/// The next logs hold zeros, and many of them.
bool holds_something(const fs::path& file) {
  const auto name = file.filename().string();
  return name != "LOCK" && !name.starts_with(next_log_prefix);
}

std::error_code keep(const fs::path& file, const fs::path& aside) {
  std::error_code failure;
  const auto target = aside / file.filename();
  if (can_be_linked(file)) fs::create_hard_link(file, target, failure);
  if (!can_be_linked(file) || failure) fs::copy_file(file, target, failure);
  if (failure == std::errc::io_error || failure == std::errc::permission_denied) {
    std::error_code none;
    fs::remove(target, none);
    fs::create_hard_link(file, target, failure);  // nobody can copy it
  }
  return failure;
}

/// CURRENT says nothing but which manifest counts, and an older one does not outlive its successor.
rocksdb::Status restore_current(const std::string& database) {
  const auto files = base::files_in(database);
  if (!files) return rocksdb::Status::IOError(files.error().message());
  std::string newest;
  for (const auto& file : *files)
    if (const auto name = file.filename().string(); name.starts_with("MANIFEST-"))
      newest = std::max(newest, name);
  if (newest.empty()) return rocksdb::Status::OK();
  std::ofstream(database + "/CURRENT", std::ios::binary | std::ios::trunc) << newest << '\n';
  base::log::warning("queue: CURRENT names {} again", newest);
  return rocksdb::Status::OK();
}

/// All that the disk gives of a log; zeros stand for the blocks that it does not give. False: there are some.
bool read_patiently(rocksdb::Env& disk, const fs::path& log, std::string& out) {
  using log_format::block;
  std::unique_ptr<rocksdb::RandomAccessFile> file;
  std::error_code failure;
  out.assign(fs::file_size(log, failure), '\0');
  if (failure || !disk.NewRandomAccessFile(log, &file, {}).ok()) return false;
  bool whole = true;
  std::string space(block, '\0');
  for (std::size_t at = 0; at < out.size(); at += block) {
    rocksdb::Slice read;
    if (const auto status = file->Read(at, block, &read, space.data()); status.ok())
      out.replace(at, read.size(), read.data(), read.size());
    else
      whole = false;
  }
  return whole;
}

/// RocksDB reads a log no further than to where a read fails. The log itself was set aside by another link.
rocksdb::Status replace_unreadable_logs(rocksdb::Env& disk, const std::string& database) {
  const auto fresh = fmt::format("{}/{}readable", database, next_log_prefix);
  const auto logs = log_format::logs_in(database);
  if (!logs) return rocksdb::Status::IOError(logs.error().message());
  std::string bytes;
  for (const auto& [number, log] : *logs) {
    if (read_patiently(disk, log, bytes)) continue;
    base::log::warning("queue: the disk does not give {} as a whole", log.string());
    auto status = rocksdb::WriteStringToFile(&disk, bytes, fresh, true);
    if (status.ok()) status = disk.RenameFile(fresh, log);
    if (!status.ok()) return status;
  }
  return rocksdb::Status::OK();
}

/// Above every key: no family has longer ones that begin like this.
const std::string& past_all_keys() {
  static const std::string key(32, '\xff');
  return key;
}

bool readable(const store& data, family which) {
  patient_scan at(data, which, std::string(), past_all_keys());
  while (at.valid() && at.whole())
    at.next();
  return at.whole();
}

rocksdb::Status copy_readable(const store& from, store& to) {
  for (std::size_t i = 0; i < family_names.size(); ++i) {
    const auto which = static_cast<family>(i);
    bulk_writer out(to, which);
    patient_scan at(from, which, std::string(), past_all_keys(), deleted_rows::left_out);
    for (; at.valid(); at.next())
      if (auto status = out.put(at.key(), at.value()); !status.ok()) return status;
    if (auto status = out.finish(); !status.ok()) return status;
  }
  return rocksdb::Status::OK();
}

rocksdb::Status make_new(const std::string& database, rocksdb::DBOptions how,
                         const std::function<rocksdb::Status(store&)>& fill) {
  std::error_code failure;
  fs::remove_all(database, failure);
  if (!failure) failure = make_private_folder(database);
  if (failure) return rocksdb::Status::IOError(database, failure.message());
  set_listeners(how, nullptr);
  how.create_if_missing = true;
  std::unique_ptr<store> fresh;
  auto status = store::open(database, how, std::make_shared<fault_listener>(), fresh);
  return status.ok() ? fill(*fresh) : status;
}

std::error_code last_failure() {
  return {errno, std::generic_category()};
}

/// What stands in `<folder>/db.new` takes the place of `<folder>/db`, in one step.
std::error_code exchange(const std::string& folder) {
  const auto current = folder + "/db", fresh = folder + "/db.new";
  if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, current.c_str(), RENAME_EXCHANGE) != 0)
    return last_failure();
  std::error_code ignored;
  fs::remove_all(fresh, ignored);
  return {};
}

rocksdb::Status replace(const std::string& folder, const rocksdb::DBOptions& how,
                        const std::function<rocksdb::Status(store&)>& fill) {
  if (auto status = make_new(folder + "/db.new", how, fill); !status.ok()) return status;
  const auto failure = exchange(folder);
  return failure ? rocksdb::Status::IOError("cannot replace " + folder + "/db", failure.message())
                 : rocksdb::Status::OK();
}

/// Names, and what copies hold.
std::error_code sync_all(const fs::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return last_failure();
  const auto failure = ::syncfs(file) == 0 ? std::error_code() : last_failure();
  ::close(file);
  return failure;
}

/// A new folder with all that a database's one holds, or a folder of what was set aside.
std::error_code keep_all(const std::vector<fs::path>& files, const fs::path& in) {
  auto failure = make_private_folder(in);
  for (const auto& file : files) {
    if (failure) return failure;
    if (holds_something(file) && fs::is_regular_file(file, failure)) failure = keep(file, in);
  }
  return failure ? failure : sync_all(in);
}

/// The marker goes with the database that it speaks for.
std::error_code put_marker_back(const fs::path& from, const fs::path& marker) {
  std::error_code failure;
  if (fs::exists(from, failure))
    fs::rename(from, marker, failure);
  else if (!failure)
    fs::remove(marker, failure);
  return failure;
}

}  // namespace

base::result<void> set_aside(const std::string& folder, base::timestamp now) {
  const auto begun = read_accepting(folder);
  if (!begun) return begun.error();
  if (*begun) return {};
  auto stamp = base::format_rfc3339_millis(now);
  std::replace(stamp.begin(), stamp.end(), ':', '-');
  const auto name = "set-aside-" + stamp, aside = folder + "/" + name, marker = folder + "/marker";
  auto files = base::files_in(folder + "/db");
  if (!files) return fail(errc::read_only, files.error().message());
  std::error_code failure;
  if (fs::exists(marker, failure)) files->emplace_back(marker);
  if (!failure) failure = keep_all(*files, aside);
  if (failure)
    return fail(errc::read_only, fmt::format("cannot set files aside in {}: {}", aside, failure.message()));
  base::log::warning("queue: the damaged files are kept in {}", aside);
  return begin_accepting(folder, name);
}

base::result<void> put_back(const std::string& folder, const std::string& aside) {
  const auto fresh = folder + "/db.new", current = folder + "/db";
  const auto files = base::files_in(folder + "/" + aside);
  if (!files) return fail(errc::read_only, files.error().message());
  std::error_code failure;
  fs::remove_all(fresh, failure);
  if (!failure) failure = keep_all(*files, fresh);
  if (!failure) failure = put_marker_back(fresh + "/marker", folder + "/marker");
  if (!failure) failure = make_private_folder(current);  // something to exchange
  if (!failure) failure = exchange(folder);
  if (failure)
    return fail(errc::read_only, fmt::format("cannot put back what was set aside in {}/{}: {}", folder, aside,
                                             failure.message()));
  return {};
}

rocksdb::Status open_damaged(const std::string& folder, const rocksdb::DBOptions& how,
                             const std::shared_ptr<fault_listener>& faults, std::unique_ptr<store>& out) {
  const auto database = folder + "/db";
  if (auto status = restore_current(database); !status.ok()) return status;
  if (auto status = replace_unreadable_logs(*how.env, database); !status.ok()) return status;
  auto lenient = how;
  lenient.track_and_verify_wals_in_manifest = false;  // those that are there are replayed
  // What stands behind the damage says how events ended that stand before it: the end of a log is given up
  // for nothing that is damaged before it. The books are made anew over the gap.
  for (const auto mode : {rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords,
                          rocksdb::WALRecoveryMode::kSkipAnyCorruptedRecords}) {
    lenient.wal_recovery_mode = mode;
    const auto status = store::open(database, lenient, faults, out);
    if (!status.ok()) {
      base::log::warning("queue: not opened in recovery mode {}: {}", static_cast<int>(mode),
                         status.ToString());
      continue;
    }
    out.reset();  // what was replayed stands in tables: from here on every write counts again
    return store::open(database, how, faults, out);
  }
  base::log::warning("queue: what tables and logs hold is gathered in a new database");
  const auto made = replace(folder, how, [&](store& fresh) { return gather(database, fresh); });
  return made.ok() ? store::open(database, how, faults, out) : made;
}

bool readable(const store& data) {
  for (std::size_t i = 0; i < family_names.size(); ++i) {
    const auto which = static_cast<family>(i);
    if (which != family::log && !readable(data, which)) return false;
  }
  return true;
}

base::result<void> renew_unreadable(const std::string& folder, const rocksdb::DBOptions& how,
                                    std::unique_ptr<store>& data) {
  if (readable(*data)) return {};
  base::log::warning("queue: whatever can be read is copied into a new database");
  const auto copied = replace(folder, how, [&](store& fresh) {
    auto status = copy_readable(*data, fresh);
    data.reset();
    return status;
  });
  if (!copied.ok()) return translate(copied);
  auto faults = std::make_shared<fault_listener>();
  auto with_faults = how;
  set_listeners(with_faults, faults);
  const auto status = store::open(folder + "/db", with_faults, faults, data);
  if (!status.ok()) return translate(status);
  return {};
}

position position_of_log(const store& data) {
  position found;
  bool any = false;
  patient_scan at(data, family::log, log_key(0, 0), log_key(0, ~sequence{0}), deleted_rows::left_out);
  for (; at.valid(); at.next()) {
    const auto number = sequence_of(at.key());
    if (!std::exchange(any, true)) found.first = number;
    found.next = number + 1;
  }
  found.events = found.next - found.first;  // as many as there were
  return found;
}

}  // namespace cartrelay::queue::rocks
