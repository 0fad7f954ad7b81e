#include "http/server.hpp"

#include "base/clock.hpp"
#include "base/time.hpp"
#include "tests/unit/http/support.hpp"

#include <gmock/gmock.h>

namespace cartrelay::http::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string get = "GET /hello?x=1 HTTP/1.1\r\nHost: test\r\n\r\n";

TEST(server, answers_and_keeps_the_connection) {
  running_server server;
  raw_client client(server.port());
  for (int i = 0; i < 3; ++i) {
    client.send(post("body " + std::to_string(i)));
    const auto answer = client.read_answers(1);
    EXPECT_EQ(status_of(answer), 200);
    EXPECT_TRUE(answer.ends_with("\r\n\r\nbody " + std::to_string(i))) << answer;
    EXPECT_EQ(answer.find("Connection"), std::string::npos);
  }
  EXPECT_EQ(server.counters().connections_accepted, 1u);
  EXPECT_EQ(server.counters().requests, 3u);
  ASSERT_EQ(server.seen().size(), 3u);
  EXPECT_EQ(server.seen()[0].method, "POST");
  EXPECT_EQ(server.seen()[0].target, "/v1/events");
  EXPECT_EQ(server.seen()[0].headers.find("HOST"), "test");
  EXPECT_TRUE(server.last_peer().loopback);
  EXPECT_FALSE(server.last_peer().unix_socket);
  EXPECT_THAT(server.last_peer().address, HasSubstr("127.0.0.1:"));
}

TEST(server, says_when_it_answered) {
  running_server server;
  raw_client client(server.port());
  const auto before = base::system_clock().now();
  client.send(get);
  const auto answer = client.read_answers(1);
  const auto field = answer.find("\r\nDate: ");
  ASSERT_NE(field, std::string::npos) << answer;
  const auto said = base::parse_http_date(answer.substr(field + 8, 29));
  ASSERT_TRUE(said) << answer;
  EXPECT_LE(*said, base::system_clock().now());
  EXPECT_GT(*said, before - std::chrono::seconds(2)) << "whole seconds, cut";
}

TEST(server, answers_pipelined_requests_in_order) {
  running_server server;
  raw_client client(server.port());
  client.send(post("one") + get + post("two"));
  const auto answers = client.read_answers(3);
  EXPECT_THAT(statuses_of(answers), ElementsAre(200, 200, 200));
  EXPECT_LT(answers.find("one"), answers.find("two"));
}

TEST(server, answers_what_came_before_garbage_and_runs_nothing_after_it) {
  running_server server;
  const auto answers = exchange_until_close(
      server.port(),
      post("good") + "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n\r\n" + post("evil"));
  EXPECT_THAT(statuses_of(answers), ElementsAre(200, 400));
  ASSERT_EQ(server.seen().size(), 1u);
  EXPECT_EQ(server.counters().refused_framing, 1u);
  EXPECT_EQ(status_of(exchange_until_close(server.port(), post("again", "Connection: close\r\n"))), 200);
}

TEST(server, takes_a_request_byte_by_byte) {
  running_server server;
  raw_client client(server.port());
  for (const char byte : post("slowly"))
    client.send({&byte, 1});
  EXPECT_THAT(client.read_answers(1), HasSubstr("slowly"));
}

TEST(server, reads_chunked_bodies) {
  running_server server;
  raw_client client(server.port());
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  client.send(head + "3\r\nabc\r\n4;ext=1\r\ndefg\r\n0\r\nX-Trailer: 1\r\n\r\n" + get);
  const auto answers = client.read_answers(2);
  EXPECT_THAT(statuses_of(answers), ElementsAre(200, 200));
  EXPECT_THAT(answers, HasSubstr("abcdefg"));
}

TEST(server, refuses_malformed_chunks) {
  running_server server;
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string body : {"x\r\n", "3\nabc\r\n", "3\r\nabcd", "0\r\nContent-Length: 3\r\n\r\n"})
    EXPECT_EQ(status_of(exchange_until_close(server.port(), head + body)), 400) << body;
  EXPECT_TRUE(server.seen().empty());
}

TEST(server, asks_for_the_body_that_waits_to_be_asked_for) {
  running_server server;
  raw_client client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_answers(1), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("body");
  EXPECT_EQ(status_of(client.read_answers(1)), 200);
}

TEST(server, does_not_ask_for_a_body_that_is_not_wanted) {
  running_server server;
  const std::string fields = " HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";
  EXPECT_THAT(statuses_of(exchange_until_close(server.port(), "POST /forbidden" + fields)), ElementsAre(401));
}

TEST(server, an_early_answer_without_a_body_keeps_the_connection) {
  running_server server;
  raw_client client(server.port());
  client.send("GET /forbidden HTTP/1.1\r\nHost: a\r\n\r\n" + get);
  EXPECT_THAT(statuses_of(client.read_answers(2)), ElementsAre(401, 200));
}

TEST(server, inflates_gzip_and_knows_nothing_else) {
  running_server server;
  raw_client client(server.port());
  client.send(post(gzip("a body that was packed"), "Content-Encoding: gzip\r\n"));
  EXPECT_THAT(client.read_answers(1), HasSubstr("a body that was packed"));
  client.send(post("not gzip", "Content-Encoding: gzip\r\n"));
  EXPECT_EQ(status_of(client.read_until_close()), 400);
  EXPECT_EQ(status_of(exchange_until_close(server.port(), post("x", "Content-Encoding: br\r\n"))), 415);
  const auto bomb = gzip(std::string(2 << 20, 'x'));
  EXPECT_EQ(status_of(exchange_until_close(server.port(), post(bomb, "Content-Encoding: gzip\r\n"))), 413);
}

TEST(server, answers_head_like_get_without_the_body) {
  running_server server;
  const auto answer = exchange_until_close(
      server.port(), "HEAD /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");
  EXPECT_THAT(answer, HasSubstr("Content-Length: 3\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
  ASSERT_EQ(server.seen().size(), 1u);
  EXPECT_EQ(server.seen()[0].method, "GET");
}

TEST(server, a_handler_that_throws_becomes_a_500) {
  running_server server;
  raw_client client(server.port());
  client.send(
      "GET /throw HTTP/1.1\r\nHost: a\r\n\r\nGET /broken-screen HTTP/1.1\r\nHost: a\r\n\r\n"
      "GET /split HTTP/1.1\r\nHost: a\r\n\r\n" +
      get);
  const auto answers = client.read_answers(4);
  EXPECT_THAT(statuses_of(answers), ElementsAre(500, 500, 500, 200));
  EXPECT_EQ(answers.find("Injected"), std::string::npos);
}

TEST(server, drops_the_connection_on_demand) {
  running_server server;
  EXPECT_EQ(exchange_until_close(server.port(), "GET /drop HTTP/1.1\r\nHost: a\r\n\r\n"), "");
}

TEST(server, speaks_http_1_0) {
  running_server server;
  EXPECT_EQ(status_of(exchange_until_close(server.port(), "GET / HTTP/1.0\r\nHost: a\r\n\r\n")), 200);
  raw_client client(server.port());
  client.send("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(client.read_answers(1), HasSubstr("Connection: keep-alive"));
}

TEST(server, closes_after_the_agreed_number_of_requests) {
  server_options settings;
  settings.max_requests_per_connection = 2;
  running_server server(settings);
  EXPECT_THAT(statuses_of(exchange_until_close(server.port(), get + get + get)), ElementsAre(200, 200));
}

TEST(server, survives_clients_that_leave) {
  running_server server;
  {
    raw_client half_way(server.port());
    half_way.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 400\r\n\r\nabc");
    raw_client after_body(server.port());
    after_body.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  }
  raw_client client(server.port());
  client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(status_of(client.read_answers(1)), 200);
}

TEST(server, half_closed_clients_get_their_answer) {
  running_server server;
  raw_client client(server.port());
  client.send(post("last"));
  client.finish_sending();
  EXPECT_EQ(status_of(client.read_until_close()), 200);
}

}  // namespace
}  // namespace cartrelay::http::testing
