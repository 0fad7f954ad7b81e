#include "base/json_writer.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace cartrelay::base {
namespace {

TEST(json_writer, separates_members_and_elements) {
  std::string out;
  json_writer json(out);
  json.begin_object()
      .member("a", 1)
      .key("b")
      .begin_array()
      .value("x")
      .value(true)
      .null()
      .begin_object()
      .end_object();
  json.end_array().member("c", std::string("y")).key("d").begin_array().end_array().end_object();
  EXPECT_EQ(out, R"({"a":1,"b":["x",true,null,{}],"c":"y","d":[]})");
}

TEST(json_writer, writes_numbers_exactly) {
  std::string out;
  json_writer json(out);
  json.begin_array()
      .value(*decimal::parse("10.50"))
      .value(*number::parse("1.999E1"))
      .value(std::numeric_limits<std::int64_t>::min())
      .value(std::numeric_limits<std::uint64_t>::max())
      .value(0.25)
      .value(1e12)
      .value(std::numeric_limits<double>::infinity())
      .end_array();
  EXPECT_EQ(out, "[10.50,1.999E1,-9223372036854775808,18446744073709551615,0.250,1000000000000.000,null]");
}

TEST(json_string, escapes_what_must_be_escaped_and_no_more) {
  EXPECT_EQ(json_string("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(json_string("\n\r\t"), R"("\n\r\t")");
  EXPECT_EQ(json_string(std::string_view("\0\x01\x1f", 3)), R"("\u0000\u0001\u001f")");
  EXPECT_EQ(json_string("Червена рокля €😀"), "\"Червена рокля €😀\"");
  EXPECT_EQ(json_string(""), "\"\"");
}

/// A string is looked at by eights and put together in pieces: wherever an escape falls, it is the same.
TEST(json_string, escapes_at_every_place) {
  for (const std::size_t length : {1U, 7U, 8U, 9U, 17U, 250U, 251U, 255U, 256U, 257U, 300U})
    for (std::size_t place = 0; place < length; ++place)
      for (const char c : {'"', '\\', '\n', '\x1f', '\x7f'}) {
        const std::string before(place, 'x'), after(length - place - 1, '\xff');
        const std::string as = c == '"' ? "\\\"" : c == '\\' ? "\\\\" : c == '\n' ? "\\n" : "\\u001f";
        const auto written = c == '\x7f' ? std::string(1, c) : as;
        ASSERT_EQ(json_string(before + c + after), '"' + before + written + after + '"') << place;
      }
}

}  // namespace
}  // namespace cartrelay::base
