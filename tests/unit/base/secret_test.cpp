#include "base/secret.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <new>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>

namespace cartrelay::base {
namespace {

using kind = secret_source::kind;

template <class T>
concept streamable = requires(std::ostream& out, const T& value) {
  out << value;
};
static_assert(!streamable<secret>, "a secret must not slip into a log");
static_assert(!fmt::is_formattable<secret>::value, "a secret must not slip into a log");
static_assert(!std::is_convertible_v<std::string, secret> && !std::is_convertible_v<secret, std::string>);

class secret_files : public testing::Test {
 protected:
  void SetUp() override {
    std::string form = (std::filesystem::temp_directory_path() / "cartrelay-secret-XXXXXX").string();
    ASSERT_NE(::mkdtemp(form.data()), nullptr);
    folder_ = form;
  }
  void TearDown() override {
    ::unsetenv("CREDENTIALS_DIRECTORY");
    ::unsetenv("CARTRELAY_TEST_SECRET");
    std::filesystem::remove_all(folder_);
  }
  std::string write(const std::string& name, std::string_view content) {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return (folder_ / name).string();
  }

  std::filesystem::path folder_;
};

TEST_F(secret_files, drops_one_line_break) {
  EXPECT_EQ(read_secret({kind::file, write("a", "s3cret\n")})->reveal(), "s3cret");
  EXPECT_EQ(read_secret({kind::file, write("b", "s3cret\r\n")})->reveal(), "s3cret");
  EXPECT_EQ(read_secret({kind::file, write("c", "s3cret\n\n")})->reveal(), "s3cret\n");
  EXPECT_EQ(read_secret({kind::file, write("d", " s3cret ")})->reveal(), " s3cret ");
}

TEST_F(secret_files, refuses_missing_and_empty_ones) {
  for (const auto& source : {secret_source{kind::file, (folder_ / "none").string()},
                             secret_source{kind::file, write("empty", "\n")}, secret_source{},
                             secret_source{kind::environment, "CARTRELAY_TEST_SECRET"},
                             secret_source{kind::credential, "token"}}) {
    const auto read = read_secret(source);
    ASSERT_FALSE(read);
    EXPECT_FALSE(read.error().message().empty());
    EXPECT_NE(read.error().message().find(source.name), std::string::npos);  // names the source
  }
}

TEST_F(secret_files, may_be_pipes_but_not_endless) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ASSERT_EQ(::write(ends[1], "s3cret\n", 7), 7);
  ::close(ends[1]);
  EXPECT_EQ(read_secret({kind::file, "/dev/fd/" + std::to_string(ends[0])})->reveal(), "s3cret");
  ::close(ends[0]);
  EXPECT_EQ(read_secret({kind::file, "/dev/zero"}).error().message(),
            "cannot read /dev/zero: it is larger than 64KiB");
}

TEST_F(secret_files, come_from_the_environment_and_from_systemd) {
  ::setenv("CARTRELAY_TEST_SECRET", "from-env", 1);
  EXPECT_EQ(read_secret({kind::environment, "CARTRELAY_TEST_SECRET"})->reveal(), "from-env");
  write("token", "from-systemd\n");
  ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
  EXPECT_EQ(read_secret({kind::credential, "token"})->reveal(), "from-systemd");
}

TEST(secret, leaves_nothing_behind_when_it_goes_or_moves) {
  const std::string_view word = "wiped-QXZ";  // short enough to stand in the object itself
  alignas(secret) std::array<char, sizeof(secret)> place{};
  const auto holds_it = [&] {
    return std::string_view(place.data(), place.size()).find(word) != std::string_view::npos;
  };
  auto* const one = new (place.data()) secret(word);
  EXPECT_TRUE(holds_it());
  const secret moved(std::move(*one));
  EXPECT_FALSE(holds_it());
  *one = moved;
  EXPECT_TRUE(holds_it());
  one->~secret();
  EXPECT_FALSE(holds_it());
}

TEST(secret, compares_and_moves) {
  secret a("one");
  const secret b = a;
  EXPECT_EQ(a, b);
  const secret c = std::move(a);
  EXPECT_EQ(c, b);
  EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move): the promise under test
  EXPECT_FALSE(c == secret("two"));
  EXPECT_FALSE(c == secret("onetwo"));
  secret d("other");
  d = c;
  EXPECT_EQ(d.reveal(), "one");
  d = secret("three");
  EXPECT_EQ(d.reveal(), "three");
}

}  // namespace
}  // namespace cartrelay::base
