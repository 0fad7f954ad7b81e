#include "base/log.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace cartrelay::base::log {
namespace {

class logging : public testing::Test {
 protected:
  void TearDown() override { configure({}); }

  static std::string line(const options& settings, level severity, std::string_view message) {
    configure(settings);
    testing::internal::CaptureStderr();
    if (enabled(severity)) write(severity, message);
    return testing::internal::GetCapturedStderr();
  }
};

TEST_F(logging, nobody_forges_a_line) {
  const auto text = line({level::info, format::text}, level::info, "id \n<3>forged\r\x1b[31m\x7f\t");
  EXPECT_NE(text.find("info    id \\x0a<3>forged\\x0d\\x1b[31m\\x7f\\x09\n"), std::string::npos) << text;
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST_F(logging, keeps_utf8_and_escapes_what_is_not) {
  const auto good = line({level::info, format::text}, level::info, "рокля");
  EXPECT_NE(good.find("рокля"), std::string::npos);
  const auto bad = line({level::info, format::text}, level::info, "a\xff z");
  EXPECT_NE(bad.find("a\\xff z"), std::string::npos);
}

TEST_F(logging, writes_one_json_object_a_line) {
  const auto text = line({level::info, format::json}, level::warning, "say \"hi\"\n");
  EXPECT_EQ(text.find(R"({"time":")"), 0u) << text;
  EXPECT_NE(text.find(R"(Z","level":"warning","message":"say \"hi\"\n"})"), std::string::npos) << text;
  const auto bad = line({level::info, format::json}, level::info, "a\xff");
  EXPECT_NE(bad.find(R"("message":"a\\xff")"), std::string::npos) << bad;
}

TEST_F(logging, says_nothing_below_the_minimum) {
  EXPECT_EQ(line({level::warning, format::text}, level::info, "quiet"), "");
  EXPECT_NE(line({level::warning, format::text}, level::error, "loud"), "");
  EXPECT_TRUE(enabled(level::warning));
  EXPECT_FALSE(enabled(level::debug));
}

TEST_F(logging, has_priorities_only_where_the_journal_reads_it) {
  const auto automatic = [](bool ours) {
    testing::internal::CaptureStderr();
    struct stat file {};
    EXPECT_EQ(::fstat(STDERR_FILENO, &file), 0);
    ::setenv("JOURNAL_STREAM", fmt::format("{}:{}", file.st_dev, file.st_ino + (ours ? 0 : 1)).c_str(), 1);
    configure({level::info, format::automatic});
    write(level::warning, "words");
    ::unsetenv("JOURNAL_STREAM");
    return testing::internal::GetCapturedStderr();
  };
  EXPECT_EQ(automatic(true), "<4>words\n");
  EXPECT_NE(automatic(false).find("Z warning words\n"), std::string::npos);
}

TEST_F(logging, formats_only_when_somebody_reads_it) {
  configure({level::error, format::text});
  testing::internal::CaptureStderr();
  info("count {}", 1);
  error("count {}", 2);
  const auto text = testing::internal::GetCapturedStderr();
  EXPECT_EQ(text.find("count 1"), std::string::npos);
  EXPECT_NE(text.find("error   count 2\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace cartrelay::base::log
