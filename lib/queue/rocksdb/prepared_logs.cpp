#include "queue/rocksdb/prepared_logs.hpp"

#include "base/file.hpp"
#include "base/thread.hpp"
#include "queue/rocksdb/write_all.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace cartrelay::queue::rocks {
namespace {

namespace fs = std::filesystem;

// Most logs are full before, with the memtables that they stand for; a longer one grows from here.
constexpr off_t log_size = 12 << 20, largest_kept = 2 * log_size;
constexpr off_t step = 256 << 10;  // two of them are on their way to the disk at a time: others use it too
constexpr std::uintmax_t room_to_spare = 1 << 30;
// Logs are deleted some at a time: when the least busy family has written what it has of them to a file.
constexpr std::size_t most_kept = 8;

/// A file that is written, or written over, from its beginning on.
class overwritten_file {
 public:
  explicit overwritten_file(const std::string& path)
      : descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) {}
  overwritten_file(const overwritten_file&) = delete;
  overwritten_file& operator=(const overwritten_file&) = delete;
  ~overwritten_file() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  [[nodiscard]] bool write(const std::vector<char>& bytes) const {
    return descriptor_ >= 0 && write_all(descriptor_, {bytes.data(), bytes.size()});
  }
  /// Sends a part to the disk without waiting for it.
  [[nodiscard]] bool send(off_t from, off_t size) const { return move(from, size, SYNC_FILE_RANGE_WRITE); }
  /// What failed on the way is told here, and by sync() no more.
  [[nodiscard]] bool wait_for(off_t from, off_t size) const {
    return move(from, size, SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
  }
  [[nodiscard]] bool sync() const { return ::fsync(descriptor_) == 0; }

 private:
  /// True, too, where the file system knows no parts: sync() sends all.
  [[nodiscard]] bool move(off_t from, off_t size, unsigned how) const {
    return ::sync_file_range(descriptor_, from, size, how) == 0 || errno == ENOSYS;
  }

  int descriptor_;
};

/// A log on prepared room: RocksDB allocates none for it, and cuts nothing off when it is closed.
class prepared_log final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  using FSWritableFileOwnerWrapper::FSWritableFileOwnerWrapper;
  void PrepareWrite(std::size_t /*offset*/, std::size_t /*size*/, const rocksdb::IOOptions& /*options*/,
                    rocksdb::IODebugContext* /*context*/) override {}
};

bool is_log(const std::string& name) {
  return name.ends_with(".log");
}

bool is_room(const std::string& folder) {
  std::error_code failure;
  return fs::space(folder, failure).available >= room_to_spare && !failure;
}

/// Whoever keeps a log by a hard link, such as the files of a damaged store, keeps what it holds.
bool has_other_links(const std::string& path) {
  std::error_code failure;
  return fs::hard_link_count(path, failure) != 1 || failure;
}

off_t size_of(const std::string& path) {
  std::error_code failure;
  const auto size = fs::file_size(path, failure);
  return failure ? 0 : static_cast<off_t>(size);
}

}  // namespace

prepared_logs::prepared_logs(const std::shared_ptr<rocksdb::FileSystem>& disk, const std::string& folder)
    : FileSystemWrapper(disk), folder_(folder + "/") {
  remove_all();
  maker_ = std::thread([this] { run(); });
}

prepared_logs::~prepared_logs() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  maker_.join();
  remove_all();
}

/// What is not listed now is removed at another time.
void prepared_logs::remove_all() const {
  const auto found = base::files_in(folder_);
  if (!found) return;
  std::error_code none;
  for (const auto& each : *found)
    if (const auto name = each.filename().string();
        name.starts_with(old_log_prefix) || name.starts_with(next_log_prefix))
      fs::remove(each, none);
}

rocksdb::IOStatus prepared_logs::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                                 std::unique_ptr<rocksdb::FSWritableFile>* out,
                                                 rocksdb::IODebugContext* context) {
  if (is_log(name) && take(name, options, out, context)) return rocksdb::IOStatus::OK();
  return target()->NewWritableFile(name, options, out, context);
}

rocksdb::IOStatus prepared_logs::DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                                            rocksdb::IODebugContext* context) {
  if (is_log(name) && keep(name)) return rocksdb::IOStatus::OK();
  return target()->DeleteFile(name, options, context);
}

/// False: none is ready. The next one is asked for.
bool prepared_logs::take(const std::string& name, const rocksdb::FileOptions& options,
                         std::unique_ptr<rocksdb::FSWritableFile>* out, rocksdb::IODebugContext* context) {
  std::unique_lock lock(mutex_);
  wanted_ = std::exchange(has_begun_, true);  // not yet for the first log
  std::unique_ptr<rocksdb::FSWritableFile> taken;
  if (!ready_.empty()) {
    if (target()->ReuseWritableFile(name, ready_.front(), options, &taken, context).ok()) {
      *out = std::make_unique<prepared_log>(std::move(taken));
      given_.insert(name);
    }
    ready_.pop_front();
  }
  lock.unlock();
  wake_.notify_one();
  return *out != nullptr;
}

/// False: there is no use for it. Another log than a prepared one may be cut by its late close, when it would
/// be in use again.
bool prepared_logs::keep(const std::string& name) {
  std::unique_lock lock(mutex_);
  if (given_.erase(name) == 0 || stopping_ || ready_.size() + old_.size() >= most_kept) return false;
  if (!is_room(folder_) || size_of(name) > largest_kept || has_other_links(name)) return false;
  auto kept = new_name(old_log_prefix);
  if (::rename(name.c_str(), kept.c_str()) != 0) return false;
  old_.push_back(std::move(kept));
  lock.unlock();
  wake_.notify_one();
  return true;
}

void prepared_logs::wait_until_cleared() {
  std::unique_lock lock(mutex_);
  cleared_.wait(lock, [this] { return old_.empty(); });
}

void prepared_logs::run() {
  base::name_this_thread("next log");
  base::step_back();
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !old_.empty() || (wanted_ && ready_.empty()); });
    if (!old_.empty())
      clear_old(lock);
    else if (stopping_)
      return;
    else
      make_one(lock);
  }
}

/// What cannot be written over is deleted.
void prepared_logs::clear_old(std::unique_lock<std::mutex>& lock) {
  const auto name = new_name(next_log_prefix), old = old_.front();
  lock.unlock();
  const bool cleared = clear(old) && ::rename(old.c_str(), name.c_str()) == 0;
  std::error_code none;
  if (!cleared) fs::remove(old, none);
  lock.lock();
  if (cleared) ready_.push_back(name);
  old_.pop_front();
  cleared_.notify_all();
}

void prepared_logs::make_one(std::unique_lock<std::mutex>& lock) {
  const auto name = new_name(next_log_prefix);
  wanted_ = false;
  lock.unlock();
  const bool made = is_room(folder_) && clear(name);
  std::error_code none;
  if (!made) fs::remove(name, none);
  lock.lock();
  if (made) ready_.push_back(name);
}

bool prepared_logs::clear(const std::string& path) {
  const std::vector<char> zeros(step);
  const auto size = std::max(size_of(path), log_size);
  const overwritten_file file(path);
  for (off_t at = 0; at < size; at += step) {
    if (stopping_ || !file.write(zeros) || !file.send(at, step)) return false;
    if (at >= step && !file.wait_for(at - step, step)) return false;
  }
  return file.sync();
}

/// With the mutex held.
std::string prepared_logs::new_name(std::string_view kind) {
  return folder_ + std::string(kind) + std::to_string(++names_given_);
}

}  // namespace cartrelay::queue::rocks
