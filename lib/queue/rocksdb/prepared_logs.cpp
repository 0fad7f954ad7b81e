#include "queue/rocksdb/prepared_logs.hpp"

#include "base/thread.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <vector>

namespace cartrelay::queue::rocks {
namespace {

namespace fs = std::filesystem;

// Most logs are full before, with the memtables that they stand for; a longer one grows from here.
constexpr off_t log_size = 12 << 20;
constexpr off_t step = 256 << 10;
constexpr off_t under_way = 1 << 20;  // so much is on its way to the disk at a time: others use it too
constexpr std::uintmax_t room_to_spare = 1 << 30;

/// A file that is written from its beginning to its end.
class new_file {
 public:
  explicit new_file(const std::string& path)
      : descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {}
  new_file(const new_file&) = delete;
  new_file& operator=(const new_file&) = delete;
  ~new_file() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  bool write(const std::vector<char>& bytes) {
    std::size_t done = 0;
    while (descriptor_ >= 0 && done < bytes.size()) {
      const auto count = ::write(descriptor_, bytes.data() + done, bytes.size() - done);
      if (count < 0 && errno != EINTR) return false;
      if (count > 0) done += static_cast<std::size_t>(count);
    }
    return done == bytes.size();
  }
  /// Sends a part to the disk without waiting for it.
  void send(off_t from, off_t size) const {
    ::sync_file_range(descriptor_, from, size, SYNC_FILE_RANGE_WRITE);
  }
  void wait_for(off_t from, off_t size) const {
    ::sync_file_range(descriptor_, from, size,
                      SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
  }
  [[nodiscard]] bool sync() const { return ::fsync(descriptor_) == 0; }

 private:
  int descriptor_;
};

}  // namespace

prepared_logs::prepared_logs(const std::shared_ptr<rocksdb::FileSystem>& disk, std::string folder)
    : FileSystemWrapper(disk), spare_(std::move(folder) + "/next-log"), maker_([this] { run(); }) {
  std::error_code none;
  fs::remove(spare_, none);
}

prepared_logs::~prepared_logs() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  maker_.join();
  std::error_code none;
  fs::remove(spare_, none);
}

rocksdb::IOStatus prepared_logs::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                                 std::unique_ptr<rocksdb::FSWritableFile>* out,
                                                 rocksdb::IODebugContext* context) {
  if (name.ends_with(".log") && take(name, options, out, context)) return rocksdb::IOStatus::OK();
  return target()->NewWritableFile(name, options, out, context);
}

/// False: none is ready. Asks for the next one.
bool prepared_logs::take(const std::string& name, const rocksdb::FileOptions& options,
                         std::unique_ptr<rocksdb::FSWritableFile>* out, rocksdb::IODebugContext* context) {
  std::unique_lock lock(mutex_);
  wanted_ = ++logs_begun_ > 1;
  const bool taken = ready_ && target()->ReuseWritableFile(name, spare_, options, out, context).ok();
  ready_ = false;
  lock.unlock();
  wake_.notify_one();
  return taken;
}

void prepared_logs::run() {
  base::name_this_thread("next log");
  base::step_back();
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || (wanted_ && !ready_); });
    if (stopping_) return;
    wanted_ = false;
    lock.unlock();
    const bool made = make();
    lock.lock();
    ready_ = made;
  }
}

bool prepared_logs::make() {
  std::error_code failure;
  const auto room = fs::space(fs::path(spare_).parent_path(), failure);
  if (failure || room.available < room_to_spare) return false;
  const std::vector<char> zeros(step);
  new_file file(spare_);
  for (off_t at = 0; at < log_size; at += step) {
    if (is_stopping() || !file.write(zeros)) return false;
    file.send(at, step);
    if (at >= under_way) file.wait_for(at - under_way, step);
  }
  return file.sync();
}

bool prepared_logs::is_stopping() {
  std::lock_guard lock(mutex_);
  return stopping_;
}

}  // namespace cartrelay::queue::rocks
