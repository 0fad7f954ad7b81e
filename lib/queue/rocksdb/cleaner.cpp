#include "queue/rocksdb/cleaner.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace cartrelay::queue::rocks {
namespace {

/// RocksDB splits larger rewrites; that much may stand twice.
constexpr std::uint64_t largest_rewrite = 2ull << 30;

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
    return not_clean(fmt::format("rewriting the files needs {} of room on the disk, and there are {}",
                                 base::format_size(needed), base::format_size(*room)));
  auto status = drop_old_logs();
  for (std::size_t i = 0; status.ok() && i < family_names.size(); ++i)
    status = rewrite(static_cast<family>(i));
  if (status.ok()) status = data_.db().EnableFileDeletions(true);  // looks for files that nobody needs
  if (interrupted_) return not_clean("the daemon is stopping; it goes on at the next start");
  if (!status.ok()) return not_clean("the files could not be rewritten: " + status.ToString());
  return {};
}

void cleaner::interrupt() {
  interrupted_ = true;
  if (data_.is_open()) data_.db().DisableManualCompaction();
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

/// Every log up to the current one goes once each family has written what it has of it to a file.
rocksdb::Status cleaner::drop_old_logs() {
  auto& db = data_.db();
  std::unique_ptr<rocksdb::LogFile> current;
  if (auto status = db.GetCurrentWalFile(&current); !status.ok()) return status;
  for (std::size_t i = 0; i < family_names.size(); ++i)
    if (auto status = db.Flush(rocksdb::FlushOptions(), data_[static_cast<family>(i)]); !status.ok())
      return status;
  rocksdb::VectorLogPtr logs;
  if (auto status = db.GetSortedWalFiles(logs); !status.ok()) return status;
  const bool stays = std::any_of(logs.begin(), logs.end(), [&](const auto& log) {
    return log->LogNumber() <= current->LogNumber() && log->SizeFileBytes() > 0;
  });
  return stays ? rocksdb::Status::Busy("a write-ahead log is still needed") : rocksdb::Status::OK();
}

/// Old and new files stand beside each other for a while.
std::uint64_t cleaner::room_needed() const {
  return std::min(data_.bytes() + data_.bytes() / 8, largest_rewrite);
}

std::vector<std::string> set_aside_folders(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failure))
    if (const auto name = entry.path().filename().string(); name.starts_with("set-aside-"))
      found.push_back(name);
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace cartrelay::queue::rocks
