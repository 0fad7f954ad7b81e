#include "queue/rocksdb/system_failure.hpp"

#include "queue/errc.hpp"
#include "queue/rocksdb/marker.hpp"
#include "queue/rocksdb/store.hpp"
#include "tests/contract/queue/support.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace cartrelay::queue::testing {
namespace {

/// As RocksDB's file system tells of an errno.
rocksdb::Status of(int why) {
  return rocksdb::Status::IOError("While appending to file: /queue/db/000007.log", std::strerror(why));
}

TEST(system_failure, for_want_of_room_is_a_full_disk_or_a_quota) {
  EXPECT_TRUE(rocks::is_full(ENOSPC));
  EXPECT_TRUE(rocks::is_full(EDQUOT));
  EXPECT_FALSE(rocks::is_full(EIO));
  EXPECT_TRUE(rocks::is_full(rocksdb::Status::NoSpace("no space")));
  EXPECT_TRUE(rocks::is_full(of(EDQUOT)));
  EXPECT_FALSE(rocks::is_full(of(EIO)));
  EXPECT_FALSE(rocks::is_full(rocksdb::Status::Corruption(std::strerror(EDQUOT))));
  EXPECT_FALSE(rocks::is_full(rocksdb::Status::OK()));
}

TEST(system_failure, may_pass_where_it_is_one_of_room) {
  EXPECT_EQ(rocks::translate(of(EDQUOT)).code, errc::disk_low);
  EXPECT_EQ(rocks::translate(of(EIO)).code, errc::read_only);
  EXPECT_EQ(rocks::system_failure("write", "/queue/marker", EDQUOT).code, errc::disk_low);
  const auto refused = rocks::system_failure("write", "/queue/marker", EACCES);
  EXPECT_EQ(refused.code, errc::read_only);
  EXPECT_EQ(refused.detail, "cannot write /queue/marker: Permission denied");
}

/// Files end here as long as it lives.
class largest_file {
 public:
  explicit largest_file(rlim_t size) : handled_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now{size, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  ~largest_file() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handled_);
  }
  largest_file(const largest_file&) = delete;
  largest_file& operator=(const largest_file&) = delete;

 private:
  void (*handled_)(int);
  rlimit before_{};
};

TEST(system_failure, of_a_write_that_stopped_half_way_says_why) {
  const temporary_folder folder;
  base::result<void> written;
  {
    const largest_file one_place(4096);
    errno = 0;
    written = rocks::write_marker(folder.path(), {"store", 1, 1});
  }
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().detail, ::testing::EndsWith("File too large"));
}

}  // namespace
}  // namespace cartrelay::queue::testing
