#include "http/message.hpp"

#include "http/gzip.hpp"
#include "http/response_text.hpp"
#include "tests/unit/http/support.hpp"

#include <gmock/gmock.h>

namespace cartrelay::http {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

TEST(fields, compare_names_without_case_and_keep_order) {
  fields some;
  some.add("A", "1");
  some.add("b", "2");
  some.add("a", "3");
  EXPECT_EQ(some.find("a"), "1");
  EXPECT_FALSE(some.find("c"));
  some.set("A", "4");
  EXPECT_EQ(some.size(), 2u);
  EXPECT_EQ(some.find("A"), "4");
  some.set("New", "5");
  EXPECT_EQ(some.find("new"), "5");
}

TEST(fields, values_hold_no_line_breaks_and_no_edges) {
  for (const std::string good : {"", "a", "a b", "a\tb", "~!\""})
    EXPECT_TRUE(is_valid_field_value(good)) << good;
  for (const std::string bad : {" a", "a ", "\ta", "a\r", "a\nb", "a\r\nb", "\x7f", "\xc3\xa4", "\x01"})
    EXPECT_FALSE(is_valid_field_value(bad)) << bad;
  EXPECT_FALSE(is_valid_field_value(std::string_view("a\0b", 3)));
}

TEST(fields, names_are_tokens) {
  EXPECT_TRUE(is_valid_field_name("X-Api_Key.1"));
  for (const std::string bad : {"", "a b", "a:", "a\r", "\xc3\xa4", "a/b"})
    EXPECT_FALSE(is_valid_field_name(bad)) << bad;
}

TEST(message, splits_the_target) {
  request asked;
  asked.target = "/v1/events?a=b?c";
  EXPECT_EQ(asked.path(), "/v1/events");
  EXPECT_EQ(asked.query(), "a=b?c");
  asked.target = "/v1/events";
  EXPECT_EQ(asked.query(), "");
}

TEST(message, decodes_queries) {
  EXPECT_THAT(*parse_query("a=1&b=%20+x&&c&d=e=f"),
              ElementsAre(Pair("a", "1"), Pair("b", "  x"), Pair("c", ""), Pair("d", "e=f")));
  EXPECT_TRUE(parse_query("")->empty());
  EXPECT_FALSE(parse_query("a=%2"));
  EXPECT_FALSE(parse_query("%zz=1"));
}

TEST(message, writes_problems) {
  const auto answer = problem(400, "two \"faults\"", {{"/a/0", "wrong", 3}, {"/b", "worse", {}}}, "why");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.headers.find("content-type"), "application/problem+json");
  EXPECT_EQ(
      answer.body,
      R"({"type":"about:blank","title":"Bad Request","status":400,"detail":"two \"faults\"","reason":"why",)"
      R"("errors":[{"pointer":"/a/0","detail":"wrong","index":3},{"pointer":"/b","detail":"worse"}]})");
}

TEST(response_text, writes_an_answer) {
  std::string out = "before ";
  ASSERT_TRUE(append_response(out, json_response(202, "{}"), {}));
  EXPECT_EQ(out,
            "before HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
}

TEST(response_text, decides_framing_itself) {
  response answer;
  answer.headers.add("Content-Length", "99");
  answer.headers.add("Transfer-Encoding", "chunked");
  answer.headers.add("Connection", "keep-alive");
  answer.body = "abc";
  std::string out;
  ASSERT_TRUE(append_response(out, answer, {.keep_alive = false}));
  EXPECT_EQ(out, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");

  out.clear();
  ASSERT_TRUE(append_response(out, answer, {.date = "Sat, 21 Nov 2026 10:00:00 GMT"}));
  EXPECT_EQ(out, "HTTP/1.1 200 OK\r\nDate: Sat, 21 Nov 2026 10:00:00 GMT\r\nContent-Length: 3\r\n\r\nabc");
  out.clear();
  ASSERT_TRUE(append_response(out, answer, {.without_body = true}));
  EXPECT_EQ(out, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
  answer.status = 204;
  out.clear();
  ASSERT_TRUE(append_response(out, answer, {}));
  EXPECT_EQ(out, "HTTP/1.1 204 No Content\r\n\r\n");
}

TEST(response_text, writes_nothing_that_could_split) {
  response answer;
  answer.headers.add("Location", "/a\r\nSet-Cookie: x");
  std::string out;
  EXPECT_FALSE(append_response(out, answer, {}));
  EXPECT_EQ(out, "");
}

TEST(gzip, inflates_one_member_and_several) {
  const auto one = testing::gzip("hello ");
  std::string out;
  ASSERT_EQ(inflate_gzip(one, 100, out), inflate_end::ok);
  EXPECT_EQ(out, "hello ");
  ASSERT_EQ(inflate_gzip(one + testing::gzip("world"), 100, out), inflate_end::ok);
  EXPECT_EQ(out, "hello world");
}

TEST(gzip, counts_inflated_bytes) {
  const auto bomb = testing::gzip(std::string(1 << 20, 'x'));
  EXPECT_LT(bomb.size(), 2000u);
  std::string out;
  EXPECT_EQ(inflate_gzip(bomb, 1 << 20, out), inflate_end::ok);
  EXPECT_EQ(inflate_gzip(bomb, (1 << 20) - 1, out), inflate_end::too_large);
  EXPECT_EQ(inflate_gzip(testing::gzip("a") + testing::gzip("b"), 1, out), inflate_end::too_large);
}

TEST(gzip, refuses_what_is_cut_or_damaged) {
  const auto good = testing::gzip("some text that is long enough to be damaged");
  std::string out;
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_EQ(inflate_gzip(std::string_view(good).substr(0, size), 1000, out), inflate_end::malformed)
        << size;
  auto damaged = good;
  damaged[good.size() / 2] = static_cast<char>(damaged[good.size() / 2] ^ 0x55);
  EXPECT_EQ(inflate_gzip(damaged, 1000, out), inflate_end::malformed);
  EXPECT_EQ(inflate_gzip(good + "x", 1000, out), inflate_end::malformed);
  EXPECT_EQ(inflate_gzip("plain text", 1000, out), inflate_end::malformed);
}

}  // namespace
}  // namespace cartrelay::http
