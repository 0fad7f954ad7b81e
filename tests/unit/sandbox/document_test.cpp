#include "sandbox/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::sandbox {
namespace {

using testing::HasSubstr;

TEST(document, keeps_numbers_as_they_were_written) {
  const auto parsed = parse_document(
      R"({"a":[1, 1.50, 1e3, 12345678901234567890123, -0.5],"b":{"c":"ñ","d":null,"e":true}})");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(to_json(*parsed),
            R"({"a":[1,1.50,1e3,12345678901234567890123,-0.5],"b":{"c":"ñ","d":null,"e":true}})");
  EXPECT_EQ(parsed->find("b")->text_of("c"), "ñ");
  EXPECT_EQ(parsed->find("b")->text_of("e"), "");
  EXPECT_EQ(parsed->find("z"), nullptr);
}

TEST(document, refuses_a_name_twice) {
  EXPECT_THAT(parse_document(R"({"a":{"b":1,"b":2}})").error(), HasSubstr("\"b\" stands twice"));
  EXPECT_TRUE(parse_document(R"([{"b":1},{"b":2}])"));
}

/// Holding each name against all before it, these took longer than a test may.
TEST(document, very_many_names_take_no_time) {
  std::string text = "{";
  for (int i = 0; i < 300'000; ++i)
    text += "\"" + std::to_string(i) + "\":1,";
  const auto parsed = parse_document(text + "\"last\":2}");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->members.size(), 300'001u);
  EXPECT_THAT(parse_document(text + "\"0\":2}").error(), HasSubstr("\"0\" stands twice"));
}

TEST(document, refuses_what_is_no_json) {
  for (const std::string_view text : {"", " ", "{", "[1] 2", "{a:1}", "[01]", "\"\xff\"", "nul", "[1,]"}) {
    EXPECT_FALSE(parse_document(text)) << text;
  }
  EXPECT_FALSE(parse_document(std::string(100, '[') + std::string(100, ']'))) << "too deep";
}

}  // namespace
}  // namespace cartrelay::sandbox
