#include "base/file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace cartrelay::base {
namespace {

class files : public testing::Test {
 protected:
  void SetUp() override {
    std::string form = (std::filesystem::temp_directory_path() / "cartrelay-file-XXXXXX").string();
    ASSERT_NE(::mkdtemp(form.data()), nullptr);
    folder_ = form;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string reason(const std::string& name) const {
    const auto read = read_file(folder_ / name);
    return read ? "it was read" : read.error().message();
  }

  std::filesystem::path folder_;
};

TEST_F(files, are_read_as_they_are) {
  const std::string content = std::string(100'000, 'a') + std::string("\0\r\n\xff", 4);
  std::ofstream(folder_ / "a", std::ios::binary) << content;
  EXPECT_EQ(*read_file(folder_ / "a"), content);
  std::ofstream(folder_ / "empty").close();
  EXPECT_EQ(*read_file(folder_ / "empty"), "");
}

TEST_F(files, that_cannot_be_read_say_why_and_never_throw) {
  EXPECT_EQ(reason("none"), "No such file or directory");
  EXPECT_EQ(reason("."), "it is a folder");
  EXPECT_EQ(reason(std::string(300, 'a')), "File name too long");
  std::filesystem::create_symlink("loop", folder_ / "loop");
  EXPECT_EQ(reason("loop"), "Too many levels of symbolic links");
}

TEST_F(files, that_are_larger_than_they_may_be_are_not_read_to_their_end) {
  std::ofstream(folder_ / "a") << std::string(65536, 'a');
  EXPECT_EQ(read_file(folder_ / "a", 65536)->size(), 65536u);
  EXPECT_EQ(read_file(folder_ / "a", 1024).error().message(), "it is larger than 1KiB");
  EXPECT_EQ(read_file("/dev/zero", 65536).error().message(), "it is larger than 64KiB");
}

TEST_F(files, that_fail_while_they_are_read_say_why) {
  EXPECT_EQ(read_file("/proc/self/mem").error().message(), "Input/output error");
}

TEST_F(files, are_read_from_where_the_descriptor_stands) {
  std::ofstream(folder_ / "a") << "one two";
  const int descriptor = ::open((folder_ / "a").c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(::lseek(descriptor, 4, SEEK_SET), 4);
  EXPECT_EQ(*read_all(descriptor), "two");
  ::close(descriptor);
}

TEST_F(files, of_a_folder_are_listed_in_order) {
  for (const auto* const name : {"b", "a", "c"})
    std::ofstream(folder_ / name).close();
  EXPECT_EQ(*files_in(folder_), (std::vector{folder_ / "a", folder_ / "b", folder_ / "c"}));
  EXPECT_TRUE(files_in(folder_ / "none")->empty());
}

TEST_F(files, that_the_system_does_not_list_are_not_taken_for_absent) {
  std::ofstream(folder_ / "a").close();
  const auto listed = files_in(folder_ / "a");
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().message(), "cannot list " + (folder_ / "a").string() + ": Not a directory");
}

}  // namespace
}  // namespace cartrelay::base
