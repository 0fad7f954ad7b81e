#include "config/deep_key.hpp"

#include <gtest/gtest.h>

#include <string>

namespace cartrelay::config {
namespace {

const std::string dots(most_dots_in_a_key, '.');
const std::string deep = dots + ".";

std::optional<unsigned> line_in(const std::string& text) {
  return line_of_deep_key(text);
}

TEST(deep_key, counts_the_dots_of_one_key) {
  EXPECT_EQ(line_in("a" + dots + "b = 1\nc" + dots + "d = 1"), std::nullopt);
  EXPECT_EQ(line_in("{a" + dots + "b = " + dots + ", c" + dots + "d = 1}"), std::nullopt);
  EXPECT_EQ(line_in("a = 1\n\nb" + deep + "c = 1"), 3u);
  EXPECT_EQ(line_in("[a" + deep + "b]"), 1u);
  EXPECT_EQ(line_in("a = { b" + deep + "c = 1 }"), 1u);
  std::string quoted = "a";
  for (int part = 0; part <= most_dots_in_a_key; ++part)
    quoted += part % 2 == 0 ? R"(. "b.\"")" : ". 'c.'";
  EXPECT_EQ(line_in(quoted + " = 1"), 1u);
}

TEST(deep_key, leaves_out_strings_and_comments) {
  EXPECT_EQ(line_in("#" + deep), std::nullopt);
  EXPECT_EQ(line_in("a = 1 #" + deep + "\n"), std::nullopt);
  EXPECT_EQ(line_in("a = \"# \\\" ' " + deep + "\""), std::nullopt);
  EXPECT_EQ(line_in("a = '# \" \\" + deep + "'"), std::nullopt);
  EXPECT_EQ(line_in("a = \"\"\"\n\" \\\"\"\" ''' # " + deep + "\n\"\"\""), std::nullopt);
  EXPECT_EQ(line_in("a = '''\n'' \\ # " + deep + "\n'''"), std::nullopt);
}

TEST(deep_key, sees_what_stands_behind_a_string_or_a_comment) {
  const auto behind = [](const std::string& passed) { return line_in(passed + ", b" + deep + "c = 1"); };
  EXPECT_EQ(behind("a = \"\""), 1u);
  EXPECT_EQ(behind("a = ''"), 1u);
  EXPECT_EQ(behind("a = \"\\\\\""), 1u);
  EXPECT_EQ(behind("a = '\\'"), 1u);
  EXPECT_EQ(behind("a = \"\"\"\"\"\""), 1u);
  EXPECT_EQ(behind("a = \"\"\"\n\n x\"\"\"\"\""), 3u) << "its last two quotes are its own";
  EXPECT_EQ(behind("a = '''\n\\'''"), 2u);
  EXPECT_EQ(behind("a = \"\"\"\\\n\"\"\""), 2u);
  EXPECT_EQ(behind("# ' \" \"\"\"\n"), 2u);
}

TEST(deep_key, a_string_without_its_end_reaches_no_further_than_its_line) {
  EXPECT_EQ(line_in("a = \"x\nb" + deep + "c = 1"), 2u);
  EXPECT_EQ(line_in("a = 'x\nb" + deep + "c = 1"), 2u);
  EXPECT_EQ(line_in("a = \"x\\"), std::nullopt);
  EXPECT_EQ(line_in("a = '''x" + deep), std::nullopt);
}

}  // namespace
}  // namespace cartrelay::config
