#include "http/chunk_decoder.hpp"

#include <gtest/gtest.h>

namespace cartrelay::http {
namespace {

using state = chunk_decoder::state;

struct decoded {
  state end = state::more;
  std::string body;
  std::string rest;
};

/// Decoded whole, and byte by byte: both must come to the same.
decoded decode(const std::string& text, std::size_t max_body = 1000) {
  decoded whole;
  chunk_decoder first(max_body);
  std::string_view input = text;
  whole.end = first.feed(input, whole.body);
  whole.rest = input;

  decoded piecewise;
  chunk_decoder second(max_body);
  std::size_t used = 0;
  while (used < text.size() && piecewise.end == state::more) {
    std::string_view byte = std::string_view(text).substr(used++, 1);
    piecewise.end = second.feed(byte, piecewise.body);
  }
  EXPECT_EQ(piecewise.end, whole.end) << text;
  EXPECT_EQ(piecewise.body, whole.body) << text;
  return whole;
}

TEST(chunk_decoder, joins_the_chunks_and_leaves_what_follows) {
  const auto got = decode("5\r\nhello\r\n1\r\n,\r\nA\r\n0123456789\r\n0\r\n\r\nGET / HTTP/1.1");
  EXPECT_EQ(got.end, state::done);
  EXPECT_EQ(got.body, "hello,0123456789");
  EXPECT_EQ(got.rest, "GET / HTTP/1.1");
}

TEST(chunk_decoder, takes_data_that_looks_like_framing) {
  EXPECT_EQ(decode("7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n").body, "\r\n0\r\n\r\n");
}

TEST(chunk_decoder, ignores_extensions_and_harmless_trailers) {
  const auto got = decode("3;a=b;c=\"d\"\r\nabc\r\n000;e\r\nX-Sum: 1\r\nX-Two:2\r\n\r\n");
  EXPECT_EQ(got.end, state::done);
  EXPECT_EQ(got.body, "abc");
}

TEST(chunk_decoder, waits_for_the_end) {
  for (const std::string text : {"", "3", "3\r\nab", "3\r\nabc\r\n", "0\r\n", "0\r\nX: y\r\n", "0\r\n\r"})
    EXPECT_EQ(decode(text).end, state::more) << text;
}

TEST(chunk_decoder, refuses_what_is_malformed) {
  for (const std::string text : {"\r\n",
                                 "g\r\n",
                                 "-1\r\n",
                                 "+1\r\n",
                                 "0x1\r\n",
                                 " 1\r\n",
                                 "1 \r\n",
                                 "1\n",
                                 "1\rx",
                                 "1\r\na\n",
                                 "1\r\nab\r\n",
                                 "1\r\na\rx",
                                 "000000001\r\n",

                                 ";\r\n",
                                 "1;a\n",
                                 "1;\x01\r\n",
                                 "0\r\nX\r\n",
                                 "0\r\n: y\r\n",
                                 "0\r\nX : y\r\n",
                                 "0\r\n folded\r\n",
                                 "0\r\nX: y\n",
                                 "0\r\nX: \x7f\r\n"})
    EXPECT_EQ(decode(text).end, state::malformed) << text;
}

TEST(chunk_decoder, refuses_trailers_that_steer) {
  for (const std::string name : {"Content-Length: 1", "transfer-encoding: chunked", "Host: a",
                                 "Authorization: Bearer x", "Content-Type: a/b"})
    EXPECT_EQ(decode("0\r\n" + name + "\r\n\r\n").end, state::malformed) << name;
}

TEST(chunk_decoder, caps_what_is_not_data) {
  EXPECT_EQ(decode("1;" + std::string(20'000, 'e') + "\r\n").end, state::malformed);
  EXPECT_EQ(decode("0\r\nX: " + std::string(20'000, 'e') + "\r\n").end, state::malformed);
  std::string many;
  for (int i = 0; i < 100; ++i)
    many += "1;" + std::string(50, 'e') + "\r\na\r\n";
  EXPECT_EQ(decode(many).end, state::malformed);
}

TEST(chunk_decoder, stops_at_the_limit_before_the_data_comes) {
  EXPECT_EQ(decode("A\r\n0123456789\r\n0\r\n\r\n", 10).end, state::done);
  EXPECT_EQ(decode("B", 10).end, state::too_large);
  EXPECT_EQ(decode("A\r\n0123456789\r\n1", 10).end, state::too_large);
  EXPECT_EQ(decode("ffffffff", 10).end, state::too_large);
}

}  // namespace
}  // namespace cartrelay::http
