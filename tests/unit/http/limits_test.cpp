#include "http/server.hpp"
#include "tests/unit/http/support.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>

#include <functional>

namespace cartrelay::http::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

const std::string get = "GET /hello HTTP/1.1\r\nHost: test\r\n\r\n";

server_options quick() {
  server_options settings;
  settings.max_body = 1000;
  settings.header_timeout = 150ms;
  settings.request_timeout = 250ms;
  settings.write_timeout = 300ms;
  settings.idle_timeout = 400ms;
  return settings;
}

std::string cut_short(std::string request) {
  request.pop_back();
  return request;
}

TEST(limits, a_slow_header_gets_408) {
  running_server server(quick());
  EXPECT_EQ(status_of(exchange_until_close(server.port(), "GET / HTTP/1.1\r\nHo")), 408);
}

TEST(limits, a_slow_body_gets_408) {
  running_server server(quick());
  EXPECT_EQ(status_of(exchange_until_close(server.port(), cut_short(post("12345")))), 408);
  const std::string chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na";
  EXPECT_EQ(status_of(exchange_until_close(server.port(), chunked)), 408);
  EXPECT_TRUE(server.seen().empty());
}

TEST(limits, an_idle_connection_is_closed_without_a_word) {
  running_server server(quick());
  EXPECT_EQ(exchange_until_close(server.port(), ""), "");
  EXPECT_THAT(statuses_of(exchange_until_close(server.port(), get)), ElementsAre(200));
}

TEST(limits, a_client_that_does_not_read_is_closed) {
  running_server server(quick());
  raw_client client(server.port());
  client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  while (server.seen().empty())
    std::this_thread::yield();
  while (server.counters().connections_open > 0)
    std::this_thread::yield();
  EXPECT_LT(client.read_until_close().size(), 32u << 20);
}

TEST(limits, a_client_that_reads_slowly_but_steadily_gets_it_all) {
  auto settings = quick();
  settings.write_timeout = 600ms;
  running_server server(settings);
  raw_client client(server.port());
  const auto began = std::chrono::steady_clock::now();
  client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  std::vector<char> space(1 << 20);
  std::size_t received = 0;
  while (received < 32u << 20) {
    const auto count = ::recv(client.fd(), space.data(), space.size(), MSG_WAITALL);
    ASSERT_GT(count, 0) << "cut off after " << received << " bytes";
    received += static_cast<std::size_t>(count);
    std::this_thread::sleep_for(settings.write_timeout / 16);
  }
  EXPECT_GT(std::chrono::steady_clock::now() - began, settings.write_timeout + 200ms);
}

TEST(limits, a_slow_handler_is_not_hurried) {
  auto settings = quick();
  settings.request_timeout = 100ms;
  settings.write_timeout = 100ms;
  settings.idle_timeout = 100ms;
  running_server server(settings);
  EXPECT_EQ(status_of(exchange_until_close(server.port(), "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")), 200);
}

TEST(limits, the_body_may_be_as_large_as_allowed_and_not_larger) {
  running_server server(quick());
  raw_client client(server.port());
  client.send(post(std::string(1000, 'x')));
  EXPECT_EQ(status_of(client.read_answers(1)), 200);
  const auto head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n";
  EXPECT_EQ(status_of(exchange_until_close(server.port(), head)), 413) << "answered before the body came";
}

TEST(limits, an_endless_chunked_body_ends_at_the_limit) {
  running_server server(quick());
  raw_client client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  while (client.send("64\r\n" + std::string(100, 'x') + "\r\n") && server.counters().refused_framing == 0) {
  }
  EXPECT_EQ(status_of(client.read_until_close()), 413);
}

TEST(limits, headers_that_are_too_large_get_431) {
  running_server server;
  EXPECT_EQ(status_of(exchange_until_close(server.port(), "GET / HTTP/1.1\r\nA: " + std::string(9000, 'b'))),
            431);
}

TEST(limits, a_refused_client_that_keeps_sending_can_read_the_answer) {
  running_server server(quick());
  raw_client client(server.port());
  client.send(post(std::string(200'000, 'x')));
  EXPECT_EQ(status_of(client.read_until_close()), 413);
}

TEST(limits, what_is_not_http_is_refused_and_closed_at_once) {
  running_server server;
  for (const auto& garbage :
       {std::string("\x16\x03\x01\x02", 4), std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        std::string("SSH-2.0-OpenSSH_9.2\r\n")})
    EXPECT_EQ(status_of(exchange_until_close(server.port(), garbage)), 400);
}

TEST(limits, new_limits_hold_for_the_next_request) {
  running_server server(quick());
  raw_client client(server.port());
  client.send(post(std::string(1000, 'x')));
  EXPECT_EQ(status_of(client.read_answers(1)), 200);
  auto settings = quick();
  settings.max_body = 10;
  server.io().call([&] { server.get().set_limits(settings); });
  client.send(post(std::string(1000, 'x')));
  EXPECT_EQ(status_of(client.read_answers(1)), 413);
}

TEST(stopping, lets_a_request_end_and_refuses_new_clients) {
  running_server server;
  raw_client busy(server.port());
  raw_client idle(server.port());
  idle.send(get);
  EXPECT_EQ(status_of(idle.read_answers(1)), 200);
  busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  while (server.seen().size() < 2)
    std::this_thread::yield();
  server.stop();
  const auto answer = busy.read_until_close();
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  EXPECT_EQ(idle.read_until_close(), "");
  EXPECT_FALSE(raw_client(server.port()).connected());
}

std::chrono::milliseconds time_of(const std::function<void()>& what) {
  const auto began = std::chrono::steady_clock::now();
  what();
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
}

const std::string last_get = "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

TEST(the_last_answer, arrives_also_if_the_client_has_said_more) {
  running_server server;
  raw_client client(server.port());
  client.send("GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + std::string(200'000, 'x'));
  EXPECT_GT(client.read_until_close().size(), 32u << 20) << "a reset overtook it";
}

TEST(the_last_answer, is_followed_by_the_end_at_once_if_the_client_ends) {
  running_server server;
  const auto took = time_of([&] {
    raw_client client(server.port());
    client.send(last_get);
    EXPECT_EQ(status_of(client.read_until_close()), 200);
    client.finish_sending();
    while (server.counters().connections_open > 0)
      std::this_thread::yield();
  });
  EXPECT_LT(took, 1s);
}

const std::string too_large = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n";

TEST(the_last_answer, waits_for_a_client_that_still_sends) {
  auto settings = quick();
  settings.linger_timeout = 400ms;
  settings.request_timeout = 1h;
  running_server server(settings);
  raw_client client(server.port());
  const auto took = time_of([&] {
    EXPECT_TRUE(client.send(too_large));
    for (int i = 0; i < 20; ++i) {
      EXPECT_TRUE(client.send("a piece")) << i;
      std::this_thread::sleep_for(settings.linger_timeout / 8);
    }
  });
  EXPECT_GT(took, settings.linger_timeout + 200ms);
  EXPECT_EQ(status_of(client.read_until_close()), 413);
}

TEST(the_last_answer, does_not_wait_for_ever) {
  auto settings = quick();
  settings.linger_timeout = 200ms;
  settings.request_timeout = 500ms;
  running_server server(settings);
  raw_client client(server.port());
  client.send(too_large);
  while (client.send("a piece"))
    std::this_thread::sleep_for(1ms);
  EXPECT_EQ(server.counters().connections_open, 0u);
}

TEST(the_last_answer, gives_up_its_place_to_others) {
  auto settings = quick();
  settings.max_connections = 1;
  settings.linger_timeout = settings.request_timeout = 1h;
  running_server server(settings);
  raw_client refused(server.port());
  refused.send(too_large);
  EXPECT_EQ(status_of(refused.read_answers(1)), 413);
  raw_client next(server.port());
  next.send(get);
  EXPECT_EQ(status_of(next.read_answers(1)), 200);
}

TEST(the_last_answer, holds_up_no_stop_if_the_client_stays) {
  running_server server;
  raw_client client(server.port());
  client.send(last_get);
  EXPECT_EQ(status_of(client.read_until_close()), 200);
  EXPECT_EQ(server.counters().connections_open, 1u);
  EXPECT_LT(time_of([&] { server.stop(10s); }), 1s);
}

TEST(stopping, gives_up_on_clients_after_the_grace) {
  running_server server;
  raw_client client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n");
  raw_client other(server.port());
  other.send(get);
  other.read_answers(1);  // by now the first one's header has been read, too
  server.stop(100ms);
  EXPECT_EQ(server.counters().connections_open, 0u);
}

}  // namespace
}  // namespace cartrelay::http::testing
