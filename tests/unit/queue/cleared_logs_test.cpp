#include "queue/rocksdb/prepared_logs.hpp"
#include "tests/contract/queue/support.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <thread>

namespace {

std::atomic<bool> parts_fail{false};

}  // namespace

/// In place of the C library's.
extern "C" int sync_file_range(int file, off64_t from, off64_t size, unsigned how) noexcept {
  if (!parts_fail) return static_cast<int>(::syscall(SYS_sync_file_range, file, from, size, how));
  errno = EIO;
  return -1;
}

namespace cartrelay::queue::testing {
namespace {

class cleared_logs : public ::testing::Test {
 protected:
  /// A closed log that lies on prepared zeros. Those that come before it ask for one.
  std::string prepared_log() {
    while (true) {
      auto name = folder_.path() / (std::to_string(++names_given_) + ".log");
      std::unique_ptr<rocksdb::FSWritableFile> log;
      EXPECT_TRUE(logs_.NewWritableFile(name, {}, &log, nullptr).ok());
      EXPECT_TRUE(log->Close({}, nullptr).ok());
      if (file_size(name) > 0) return name;
      std::this_thread::yield();
    }
  }
  /// Whether it becomes one of the next logs when RocksDB deletes it.
  bool is_used_again(const std::string& log) {
    const int held = ::open(log.c_str(), O_RDONLY | O_CLOEXEC);  // no other file gets its inode meanwhile
    const auto inode_of = [](const std::filesystem::path& path) {
      struct stat found {};
      return ::stat(path.c_str(), &found) == 0 ? found.st_ino : 0;
    };
    const auto mine = inode_of(log);
    EXPECT_TRUE(logs_.DeleteFile(log, {}, nullptr).ok());
    logs_.wait_until_cleared();
    bool found = false;
    for (const auto& each : std::filesystem::directory_iterator(folder_.path()))
      found = found || inode_of(each.path()) == mine;
    ::close(held);
    return found;
  }
  void TearDown() override { parts_fail = false; }

  const temporary_folder folder_;
  rocks::prepared_logs logs_{rocksdb::FileSystem::Default(), folder_.path()};
  int names_given_ = 0;
};

TEST_F(cleared_logs, a_log_is_not_used_again_whose_zeros_did_not_reach_the_disk) {
  EXPECT_TRUE(is_used_again(prepared_log()));
  const auto log = prepared_log();
  parts_fail = true;
  EXPECT_FALSE(is_used_again(log));
}

}  // namespace
}  // namespace cartrelay::queue::testing
