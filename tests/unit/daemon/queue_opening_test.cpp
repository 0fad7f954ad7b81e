#include "daemon/queue_opening.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace cartrelay::daemon::testing {
namespace {

class queue_folder : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string form = (std::filesystem::temp_directory_path() / "cartrelay-opening-XXXXXX").string();
    ASSERT_NE(::mkdtemp(form.data()), nullptr);
    folder_ = form;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
};

TEST_F(queue_folder, of_ones_own_may_be_used_and_made) {
  EXPECT_FALSE(forbidden(folder_));
  EXPECT_FALSE(forbidden(folder_ / "a" / "b"));
  EXPECT_FALSE(forbidden("not-there-yet"));
  std::filesystem::create_directory(folder_ / "db");
  std::ofstream(folder_ / "db" / "LOCK").close();
  EXPECT_FALSE(forbidden(folder_));
}

TEST_F(queue_folder, is_no_file_nor_below_one) {
  std::ofstream(folder_ / "file").close();
  EXPECT_EQ(forbidden(folder_ / "file"), boost::system::errc::not_a_directory);
  EXPECT_EQ(forbidden(folder_ / "file" / "queue"), boost::system::errc::not_a_directory);
}

/// Rights do not bind root, so it is the system that says no here.
TEST_F(queue_folder, where_nothing_can_be_written_is_none) {
  EXPECT_TRUE(forbidden("/sys/kernel/queue") || forbidden("/proc/self/queue"));
}

}  // namespace
}  // namespace cartrelay::daemon::testing
