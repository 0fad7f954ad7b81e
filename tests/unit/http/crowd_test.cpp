#include "http/server.hpp"
#include "tests/unit/http/support.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>

#include <thread>

namespace cartrelay::http::testing {
namespace {

using namespace std::chrono_literals;

const std::string get = "GET /hello HTTP/1.1\r\nHost: test\r\n\r\n";

server_options patient() {
  server_options settings;
  settings.max_connections = 2;
  settings.max_body = 1 << 20;
  return settings;
}

/// All but the last byte of a request.
std::string unfinished(std::size_t body) {
  auto request = post(std::string(body, 'x'));
  request.pop_back();
  return request;
}

TEST(crowd, further_clients_wait_for_a_place) {
  running_server server(patient());
  raw_client first(server.port());
  raw_client second(server.port());
  for (auto* one : {&first, &second}) {
    one->send(get);
    EXPECT_EQ(status_of(one->read_answers(1)), 200);
    one->send(unfinished(10));
  }
  raw_client third(server.port());
  third.send(get);
  second.send("x");
  EXPECT_EQ(status_of(second.read_answers(1)), 200);
  EXPECT_EQ(server.counters().connections_accepted, 2u) << "busy clients and recent ones keep their places";
  second.finish_sending();
  EXPECT_EQ(status_of(third.read_answers(1)), 200);
  EXPECT_EQ(server.counters().connections_accepted, 3u);
  first.send("x");
  EXPECT_EQ(status_of(first.read_answers(1)), 200);
}

TEST(crowd, who_has_been_idle_for_longest_makes_room) {
  running_server server(patient());
  raw_client longest(server.port());
  longest.send(get);
  EXPECT_EQ(status_of(longest.read_answers(1)), 200);
  raw_client busy(server.port());
  busy.send(unfinished(10));
  const auto began = std::chrono::steady_clock::now();
  raw_client third(server.port());
  third.send(get);
  EXPECT_EQ(status_of(third.read_answers(1)), 200) << "idle_timeout is a minute";
  EXPECT_GE(std::chrono::steady_clock::now() - began, 700ms)
      << "a client between two requests keeps its place";
  EXPECT_EQ(longest.read_until_close(), "");
  busy.send("x");
  EXPECT_EQ(status_of(busy.read_answers(1)), 200);
}

TEST(crowd, who_never_begins_is_closed_as_soon_as_a_slow_header) {
  auto settings = patient();
  settings.header_timeout = 150ms;
  running_server server(settings);
  raw_client silent(server.port());
  EXPECT_EQ(silent.read_until_close(), "");
  EXPECT_FALSE(silent.timed_out()) << "idle_timeout is a minute";
  EXPECT_EQ(server.refused(), 0u);
}

TEST(crowd, large_bodies_have_a_limit_together) {
  auto settings = patient();
  settings.max_connections = 10;
  settings.max_large_bodies = 300'000;
  running_server server(settings);
  raw_client large(server.port());
  large.send(unfinished(200'000));
  // Reads of one thread take turns: so many answers to another client later all of that has been read.
  raw_client small(server.port());
  for (int turn = 0; turn < 100; ++turn) {
    small.send(get);
    ASSERT_EQ(status_of(small.read_answers(1)), 200);
  }
  const auto busy = exchange_until_close(server.port(), post(std::string(200'000, 'x')));
  EXPECT_EQ(status_of(busy), 503);
  EXPECT_NE(busy.find("Retry-After: 1\r\n"), std::string::npos);
  EXPECT_NE(busy.find("\"reason\":\"busy\""), std::string::npos);
  const std::string chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\n";
  EXPECT_EQ(status_of(exchange_until_close(server.port(), chunked + std::string(0x20000, 'x') + "\r\n")),
            503);
  const auto zipped = gzip(std::string(200'000, 'x'));
  EXPECT_EQ(status_of(exchange_until_close(server.port(), post(zipped, "Content-Encoding: gzip\r\n"))), 503);
  small.send(post(std::string(60'000, 'x')));
  EXPECT_EQ(status_of(small.read_answers(1)), 200) << "small ones always find room";
  large.send("x");
  EXPECT_EQ(status_of(large.read_answers(1)), 200);
  large.send(get);  // gives back what it held
  EXPECT_EQ(status_of(large.read_answers(1)), 200);
  raw_client next(server.port());
  next.send(post(std::string(200'000, 'x')));
  EXPECT_EQ(status_of(next.read_answers(1)), 200);
  EXPECT_EQ(server.refused(), 0u) << "503 is no fault of the request";
}

TEST(crowd, a_body_that_is_alone_always_finds_room) {
  auto settings = patient();
  settings.max_large_bodies = 300'000;
  running_server server(settings);
  const std::string larger(400'000, 'x');
  raw_client client(server.port());
  client.send(post(larger) + post(gzip(larger), "Content-Encoding: gzip\r\n"));
  EXPECT_THAT(statuses_of(client.read_answers(2)), ::testing::ElementsAre(200, 200));
}

/// 32 MiB.
std::string get_large(std::string_view method = "GET", std::string_view more_fields = {}) {
  return std::string(method) + " /large HTTP/1.1\r\nHost: test\r\n" + std::string(more_fields) + "\r\n";
}

TEST(crowd, answers_that_nobody_reads_have_a_limit_together) {
  auto settings = patient();
  settings.max_connections = 10;
  settings.max_large_bodies = 40 << 20;
  running_server server(settings);
  raw_client reads_nothing(server.port());
  reads_nothing.send(get_large());
  while (server.seen().empty())
    std::this_thread::yield();
  raw_client next(server.port());
  next.send(get_large() + get);
  const auto busy = next.read_answers(2);
  EXPECT_THAT(statuses_of(busy), ::testing::ElementsAre(503, 200)) << "small ones always find room";
  EXPECT_NE(busy.find("Retry-After: 1\r\n"), std::string::npos);
  EXPECT_NE(busy.find("\"reason\":\"busy\""), std::string::npos);
  EXPECT_EQ(status_of(exchange_until_close(server.port(), get_large("HEAD", "Connection: close\r\n"))), 200)
      << "it has no body";
  next.send(get_large("POST", "Content-Length: 0\r\n"));
  EXPECT_EQ(status_of(next.read_answers(1)), 200) << "what has been done is told";
}

TEST(crowd, what_has_been_read_of_an_answer_makes_room_for_others) {
  auto settings = patient();
  settings.max_connections = 10;
  settings.max_large_bodies = 40 << 20;
  running_server server(settings);
  raw_client slow(server.port());
  slow.send(get_large());
  std::vector<char> part(28 << 20);
  ASSERT_EQ(::recv(slow.fd(), part.data(), part.size(), MSG_WAITALL), static_cast<ssize_t>(part.size()));
  raw_client next(server.port());
  for (int status = 0; status != 200;) {
    next.send(get_large());
    status = status_of(next.read_answers(1));
    ASSERT_THAT(status, ::testing::AnyOf(200, 503));
  }
  part.resize(4 << 20);
  EXPECT_EQ(::recv(slow.fd(), part.data(), part.size(), MSG_WAITALL), static_cast<ssize_t>(part.size()));
}

TEST(crowd, a_connection_carries_so_many_requests_and_says_which_is_the_last) {
  auto settings = patient();
  settings.max_requests_per_connection = 3;
  running_server server(settings);
  raw_client client(server.port());
  client.send(get + get + get + get);
  const auto all = client.read_until_close();
  EXPECT_EQ(statuses_of(all).size(), 3u);
  EXPECT_EQ(all.find("Connection: close"), all.rfind("Connection: close"));
  EXPECT_NE(all.find("Connection: close"), std::string::npos);
}

TEST(crowd, the_handler_hears_of_requests_that_never_reach_it) {
  running_server server(patient());
  exchange_until_close(server.port(), "POST / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(server.refused(), 1u);
  exchange_until_close(server.port(), "\x16\x03\x01");
  EXPECT_EQ(server.refused(), 1u) << "this was no request";
  EXPECT_EQ(server.counters().refused_framing, 2u);
}

}  // namespace
}  // namespace cartrelay::http::testing
