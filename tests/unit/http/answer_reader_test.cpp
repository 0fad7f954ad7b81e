#include "http/answer_reader.hpp"

#include <gtest/gtest.h>

namespace cartrelay::http {
namespace {

using state = answer_reader::state;

/// Fed whole, and byte by byte: both must come to the same.
state read(const std::string& bytes, std::size_t max_body = 100) {
  answer_reader whole(max_body, false);
  const auto first = whole.feed(bytes);
  answer_reader piecewise(max_body, false);
  auto second = state::more;
  for (std::size_t i = 0; i < bytes.size() && second == state::more; ++i)
    second = piecewise.feed(bytes.substr(i, 1));
  EXPECT_EQ(first, second) << bytes;
  return first;
}

const std::string ok = "HTTP/1.1 200 OK\r\n";

TEST(answer_reader, reads_a_sized_answer) {
  answer_reader reader(100, false);
  ASSERT_EQ(reader.feed(ok + "Content-Length: 3\r\nRetry-After: 7\r\n\r\nabc"), state::done);
  EXPECT_TRUE(reader.is_reusable());
  const auto answer = reader.take();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "abc");
  EXPECT_EQ(answer.headers.find("retry-after"), "7");
}

TEST(answer_reader, reads_a_chunked_answer) {
  answer_reader reader(100, false);
  ASSERT_EQ(reader.feed(ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n"),
            state::done);
  EXPECT_TRUE(reader.is_reusable());
  EXPECT_EQ(reader.take().body, "abc");
}

TEST(answer_reader, takes_an_answer_in_two_pieces_wherever_it_is_cut) {
  const auto answer = ok + "Content-Length: 1\r\nServer: shop\r\n\r\nx";
  for (std::size_t size = 1; size < answer.size(); ++size) {
    answer_reader reader(100, false);
    ASSERT_EQ(reader.feed(answer.substr(0, size)), state::more) << size;
    EXPECT_EQ(reader.feed(answer.substr(size)), state::done) << size << ": " << reader.fault();
  }
}

TEST(answer_reader, does_without_a_reason_and_the_space_before_it) {
  for (const std::string begin :
       {"HTTP/1.1 202\r\n", "HTTP/1.1 202 \r\n", "HTTP/1.1 100\r\n\r\nHTTP/1.1 202\r\n"}) {
    EXPECT_EQ(read(begin + "Content-Length: 2\r\n\r\nok"), state::done) << begin;
    answer_reader reader(100, false);
    ASSERT_EQ(reader.feed(begin + "Content-Length: 2\r\n\r\nok"), state::done) << begin;
    EXPECT_TRUE(reader.is_reusable());
    EXPECT_EQ(reader.take().status, 202);
  }
  EXPECT_EQ(read("HTTP/1.1 20\r\n\r\n"), state::failed);
  EXPECT_EQ(read("HTTP/1.1 2020\r\n\r\n"), state::failed);
}

TEST(answer_reader, skips_interim_answers) {
  answer_reader reader(100, false);
  ASSERT_EQ(reader.feed("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"),
            state::more);
  ASSERT_EQ(reader.feed(ok + "Content-Length: 1\r\n\r\nx"), state::done);
  EXPECT_TRUE(reader.is_reusable());
  EXPECT_EQ(reader.take().status, 200);
}

TEST(answer_reader, has_enough_of_interim_answers) {
  std::string many;
  for (int i = 0; i < 9; ++i)
    many += "HTTP/1.1 100 Continue\r\n\r\n";
  EXPECT_EQ(read(many), state::failed);
  EXPECT_EQ(read("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), state::failed);
}

TEST(answer_reader, has_limits) {
  EXPECT_EQ(read(ok + "Content-Length: 100\r\n\r\n" + std::string(100, 'x')), state::done);
  EXPECT_EQ(read(ok + "Content-Length: 101\r\n\r\n"), state::failed);
  EXPECT_EQ(read(ok + "Transfer-Encoding: chunked\r\n\r\n65\r\n" + std::string(101, 'x')), state::failed);
  EXPECT_EQ(read(ok + "A: " + std::string(60'000, 'b') + "\r\nContent-Length: 0\r\n\r\n"), state::done);
  EXPECT_EQ(read(ok + "A: " + std::string(70'000, 'b')), state::failed);
  EXPECT_EQ(read(ok + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(70'000, 'e')), state::failed);
  answer_reader reader(100, false);
  ASSERT_EQ(reader.feed(ok + "\r\n" + std::string(101, 'x')), state::failed);
  EXPECT_EQ(reader.fault(), "answer_too_large");
}

TEST(answer_reader, refuses_what_is_no_answer) {
  EXPECT_EQ(read("SSH-2.0-OpenSSH_9.2\r\n"), state::failed);
  EXPECT_EQ(read("HTTP/1.1 000 Nothing\r\n\r\n"), state::failed);
  EXPECT_EQ(read(ok + "Transfer-Encoding: gzip\r\n\r\n"), state::failed);
  EXPECT_EQ(read(ok + "Transfer-Encoding: chunked, gzip\r\n\r\n"), state::failed);
  EXPECT_EQ(read(ok + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc"), state::failed);
}

TEST(answer_reader, does_not_trust_a_connection_after_an_ambiguous_answer) {
  for (const std::string fields :
       {"Content-Length: 1\r\nContent-Length: 1\r\n", "Content-Length: 1\r\nConnection: close\r\n"}) {
    answer_reader reader(100, false);
    ASSERT_EQ(reader.feed(ok + fields + "\r\nx"), state::done) << fields;
    EXPECT_FALSE(reader.is_reusable()) << fields;
  }
  answer_reader old(100, false);
  ASSERT_EQ(old.feed("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx"), state::done);
  EXPECT_FALSE(old.is_reusable());
  answer_reader more(100, false);
  ASSERT_EQ(more.feed(ok + "Content-Length: 1\r\n\r\nxHTTP/1.1 200"), state::done);
  EXPECT_FALSE(more.is_reusable());
}

TEST(answer_reader, takes_the_end_of_the_stream_for_what_it_is) {
  answer_reader nothing(100, false);
  EXPECT_EQ(nothing.end_of_stream(), state::failed);
  EXPECT_FALSE(nothing.begun());

  answer_reader head(100, false);
  ASSERT_EQ(head.feed("HTTP/1.1 2"), state::more);
  EXPECT_EQ(head.end_of_stream(), state::failed);
  EXPECT_TRUE(head.begun());

  answer_reader sized(100, false);
  ASSERT_EQ(sized.feed(ok + "Content-Length: 3\r\n\r\nab"), state::more);
  EXPECT_EQ(sized.end_of_stream(), state::failed);

  answer_reader chunked(100, false);
  ASSERT_EQ(chunked.feed(ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"), state::more);
  EXPECT_EQ(chunked.end_of_stream(), state::failed);

  answer_reader until_close(100, false);
  ASSERT_EQ(until_close.feed(ok + "\r\nab"), state::more);
  ASSERT_EQ(until_close.end_of_stream(), state::done);
  EXPECT_FALSE(until_close.is_reusable());
  EXPECT_EQ(until_close.take().body, "ab");
}

TEST(answer_reader, expects_no_body_where_there_is_none) {
  answer_reader to_head(100, true);
  ASSERT_EQ(to_head.feed(ok + "Content-Length: 50\r\n\r\n"), state::done);
  EXPECT_TRUE(to_head.is_reusable());
  EXPECT_EQ(read("HTTP/1.1 204 No Content\r\n\r\n"), state::done);
  EXPECT_EQ(read("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"), state::done);
}

}  // namespace
}  // namespace cartrelay::http
