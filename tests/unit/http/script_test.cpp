#include "http/wire_script.hpp"
#include "tests/unit/http/support.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cartrelay::http::testing {
namespace {

using namespace std::chrono_literals;

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

TEST(script, writes_its_bytes_and_closes) {
  running_server server;
  server.answer_instead([](const request&, std::size_t) {
    auto script = std::make_shared<wire_script>();
    script->steps = {{0ms, "HTTP/1.1 2"}, {150ms, "00 OK\r\n"}};
    response answer;
    answer.script = std::move(script);
    return answer;
  });
  EXPECT_EQ(exchange_until_close(server.port(), get), "HTTP/1.1 200 OK\r\n");
}

TEST(script, resets) {
  running_server server;
  server.answer_instead(
      [](const request&, std::size_t) { return raw_answer("", wire_script::ending::reset); });
  raw_client client(server.port());
  client.send(get);
  char byte = 0;
  EXPECT_EQ(::recv(client.fd(), &byte, 1, 0), -1);
  EXPECT_EQ(errno, ECONNRESET);
}

TEST(script, holds_until_the_server_stops) {
  running_server server;
  server.answer_instead([](const request&, std::size_t) { return raw_answer("held"); });
  raw_client client(server.port());
  client.send(get);
  while (server.seen().empty())
    std::this_thread::yield();
  const auto begin = std::chrono::steady_clock::now();
  server.stop(60s);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 30s);
  EXPECT_EQ(client.read_until_close(), "held");
}

TEST(descriptors, without_any_left_clients_are_turned_away_slowly) {
  running_server server;
  raw_client first;
  raw_client second;
  const auto begin = std::chrono::steady_clock::now();
  {
    const few_descriptors none(0);
    ASSERT_TRUE(first.connect(server.port()));
    EXPECT_EQ(first.read_until_close(), "");
    ASSERT_TRUE(second.connect(server.port()));
    EXPECT_EQ(second.read_until_close(), "");
  }
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 150ms) << "it spins";
  raw_client next(server.port());
  next.send(get);
  EXPECT_EQ(status_of(next.read_answers(1)), 200);
}

}  // namespace
}  // namespace cartrelay::http::testing
