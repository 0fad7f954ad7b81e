#include "queue/rocksdb/info_log.hpp"

#include "base/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::queue::rocks {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// What stands in our log after RocksDB has spoken.
std::string told(base::log::level minimum) {
  base::log::configure({minimum, base::log::format::text});
  info_log words;
  ::testing::internal::CaptureStderr();
  rocksdb::Header(&words, "Options.%s: %d\n\t\n", "max_open_files", 512);
  rocksdb::Info(&words, "\n");
  rocksdb::Warn(&words, "stalled");
  rocksdb::Warn(&words, "DB::Open() failed: %s", "No space left on device");
  base::log::configure({});
  return ::testing::internal::GetCapturedStderr();
}

TEST(info_log, tells_what_it_is_told_on_a_line_each) {
  EXPECT_THAT(told(base::log::level::trace), HasSubstr("rocksdb: Options.max_open_files: 512\n"));
  EXPECT_THAT(told(base::log::level::trace), Not(HasSubstr("\\x")));
  EXPECT_THAT(told(base::log::level::info), HasSubstr("rocksdb: stalled\n"));
}

TEST(info_log, leaves_debug_to_deliveries) {
  EXPECT_THAT(told(base::log::level::debug), Not(HasSubstr("max_open_files")));
}

TEST(info_log, leaves_a_failed_opening_to_its_status) {
  EXPECT_THAT(told(base::log::level::trace), Not(HasSubstr("No space left")));
}

}  // namespace
}  // namespace cartrelay::queue::rocks
