#include "bench/load/protocol.hpp"

#include "bench/load/shop_events.hpp"

#include <gtest/gtest.h>

namespace cartrelay::bench {
namespace {

/// However much of an answer is there, it is complete at its last byte and not before, and what follows is
/// not part of it.
void expect_whole_only(const protocol& how, const std::string& text, int status, bool last = false) {
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_EQ(how.read_answer(std::string_view(text).substr(0, size)).size, 0u) << size;
  const auto found = how.read_answer(text + "HTTP");
  EXPECT_EQ(found.size, text.size());
  EXPECT_EQ(found.status, status);
  EXPECT_EQ(found.last, last);
}

TEST(protocol, http_answers_end_with_their_body) {
  const shop_events events({}, "t");
  const auto how = make_http(events, "localhost:1", "/v1/events", "");
  expect_whole_only(*how, "HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\nhello", 202);
  expect_whole_only(*how, "HTTP/1.1 503 No\r\ncontent-length:0\r\nConnection: close\r\n\r\n", 503, true);
}

TEST(protocol, redis_answers_are_bulk_strings_or_errors) {
  const shop_events events({}, "t");
  const auto how = make_redis(events);
  expect_whole_only(*how, "$15\r\n1526919030474-0\r\n", 200);
  expect_whole_only(*how, "-OOM command not allowed\r\n", 500);
}

TEST(protocol, postgres_answers_end_when_it_is_ready) {
  const shop_events events({}, "t");
  const auto how = make_postgres(events, "u", "d");
  const std::string ready("Z\0\0\0\5I", 6), bound("2\0\0\0\4", 5), failed("E\0\0\0\6no", 7);
  expect_whole_only(*how, bound + ready, 200);
  expect_whole_only(*how, failed + ready, 500);
}

TEST(protocol, a_post_says_how_long_its_body_is) {
  const shop_events events("order.paid", "t");
  const auto how = make_http(events, "localhost:1", "/v1/events", "X-One: 1\r\n");
  std::string out, one;
  how->append_request(out, 7, 1);
  events.append(one, 7);
  EXPECT_TRUE(out.starts_with("POST /v1/events HTTP/1.1\r\nHost: localhost:1\r\nX-One: 1\r\n")) << out;
  EXPECT_NE(out.find("Content-Length: " + std::to_string(one.size()) + "\r\n\r\n" + one), std::string::npos);
}

}  // namespace
}  // namespace cartrelay::bench
