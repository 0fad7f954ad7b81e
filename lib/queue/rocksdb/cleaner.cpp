#include "queue/rocksdb/cleaner.hpp"

#include "base/file.hpp"
#include "queue/rocksdb/room.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cartrelay::queue::rocks {
namespace {

/// RocksDB splits larger rewrites; that much may stand twice.
constexpr std::uint64_t largest_rewrite = 2ull << 30;
constexpr int most_rounds = 3;

cleaning not_clean(std::string why) {
  cleaning out;
  out.clean = false;
  out.reason = std::move(why);
  return out;
}

/// Keeps a family's own compactions away: they could carry an old file past the level that is being
/// rewritten.
class compactions_off {
 public:
  compactions_off(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* which)
      : db_(db), which_(which), were_off_(db.GetOptions(which).disable_auto_compactions) {
    if (!were_off_) set("true");
  }
  ~compactions_off() {
    if (!were_off_) set("false");
  }
  compactions_off(const compactions_off&) = delete;
  compactions_off& operator=(const compactions_off&) = delete;

 private:
  void set(const char* off) {
    // Failing is harmless here, and shows in the rewriting itself.
    static_cast<void>(db_.SetOptions(which_, {{"disable_auto_compactions", off}}));
  }

  rocksdb::DB& db_;
  rocksdb::ColumnFamilyHandle* which_;
  bool were_off_;
};

}  // namespace

cleaning cleaner::clean(std::optional<std::uint64_t> room) {
  if (const auto needed = room_needed(); room && *room < needed)
    return not_clean(fmt::format("rewriting the files needs {} MiB of room on the disk, and there are {} MiB",
                                 needed / mebibyte + 1, *room / mebibyte));
  {
    std::lock_guard lock(mutex_);
    running_ = true;
  }
  auto done = rewrite_all();
  std::lock_guard lock(mutex_);
  running_ = false;
  return done;
}

cleaning cleaner::rewrite_all() {
  auto status = drop_old_logs();
  for (std::size_t i = 0; status.ok() && i < family_names.size(); ++i)
    status = rewrite(static_cast<family>(i));
  if (status.ok()) status = data_.db().EnableFileDeletions(true);  // looks for files that nobody needs
  if (status.ok()) data_.wait_for_cleared_logs();
  if (interrupted_) return not_clean("the daemon is stopping; it goes on at the next start");
  if (!status.ok()) return not_clean("the files could not be rewritten: " + status.ToString());
  return {};
}

void cleaner::interrupt() {
  std::lock_guard lock(mutex_);
  interrupted_ = true;
  if (running_) data_.db().DisableManualCompaction();
}

rocksdb::Status cleaner::rewrite(family which) {
  auto* const handle = data_[which];
  const compactions_off quiet(data_.db(), handle);
  rocksdb::CompactRangeOptions how;
  how.exclusive_manual_compaction = true;
  how.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  if (interrupted_) return rocksdb::Status::Incomplete();
  return data_.db().CompactRange(how, handle, nullptr, nullptr);
}

/// Every log up to the current one goes once each family has written what it has of it to a file; what comes
/// in meanwhile may keep one for another round.
rocksdb::Status cleaner::drop_old_logs() {
  std::unique_ptr<rocksdb::LogFile> current;
  if (auto status = data_.db().GetCurrentWalFile(&current); !status.ok()) return status;
  for (int round = 0; round < most_rounds && !interrupted_; ++round) {
    if (auto status = flush_all(); !status.ok()) return status;
    rocksdb::VectorLogPtr logs;
    if (auto status = data_.db().GetSortedWalFiles(logs); !status.ok()) return status;
    const bool stays = std::any_of(logs.begin(), logs.end(), [&](const auto& log) {
      return log->LogNumber() <= current->LogNumber() && log->SizeFileBytes() > 0;
    });
    if (!stays) return rocksdb::Status::OK();
  }
  return rocksdb::Status::Busy("a write-ahead log is still needed");
}

rocksdb::Status cleaner::flush_all() {
  for (std::size_t i = 0; i < family_names.size(); ++i)
    if (auto status = data_.db().Flush(rocksdb::FlushOptions(), data_[static_cast<family>(i)]); !status.ok())
      return status;
  return rocksdb::Status::OK();
}

/// Old and new files stand beside each other for a while.
std::uint64_t cleaner::room_needed() const {
  return std::min(data_.bytes() + data_.bytes() / 8, largest_rewrite);
}

void tell_set_aside(const std::string& folder, cleaning& done) {
  const auto files = base::files_in(folder);
  if (!files) {
    done = not_clean("whether files were set aside is not known: " + files.error().message());
    return;
  }
  for (const auto& file : *files)
    if (auto name = file.filename().string(); name.starts_with("set-aside-"))
      done.set_aside.push_back(std::move(name));
}

}  // namespace cartrelay::queue::rocks
