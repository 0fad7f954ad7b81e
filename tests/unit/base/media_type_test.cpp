#include "base/media_type.hpp"

#include <gtest/gtest.h>

namespace cartrelay::base {
namespace {

TEST(media_type, is_what_stands_before_the_parameters) {
  EXPECT_EQ(media_type_in_utf8("text/plain"), "text/plain");
  EXPECT_EQ(media_type_in_utf8(" Text/Plain ; profile=x"), "Text/Plain");
  EXPECT_EQ(media_type_in_utf8(";"), "");
  EXPECT_EQ(media_type_in_utf8(""), "");
}

TEST(media_type, is_json_in_any_case_and_with_parameters) {
  for (const char* text :
       {"application/json", "Application/JSON", "application/json;charset=utf-8", "application/json;",
        "application/json ; charset=UTF-8", "application/json; profile=x; Charset=\"utf-8\"",
        "application/json; charset", "application/json; profile=x"})
    EXPECT_TRUE(is_json_media_type(text)) << text;
  for (const char* text : {"", "application/jsonx", "text/json", "json", "application", ";application/json"})
    EXPECT_FALSE(is_json_media_type(text)) << text;
}

TEST(media_type, has_no_other_charset_than_utf_8) {
  for (const char* text :
       {"application/json; charset=latin1", "application/json;charset=",
        "application/json; charset=\"utf-16\"", "application/json; profile=x; charset=us-ascii",
        "application/json; charset=utf-8; charset=utf-16", "application/json; charset=\"utf-8"})
    EXPECT_FALSE(media_type_in_utf8(text)) << text;
}

}  // namespace
}  // namespace cartrelay::base
