#include "http/client.hpp"

#include "tests/unit/http/client_support.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>

namespace cartrelay::http::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

TEST(client, sends_a_request_and_reads_the_answer) {
  running_server server;
  running_client client;
  request asked;
  asked.method = "POST";
  asked.target = url_of(server, "/v0/carts?lang=bg");
  asked.headers.add("Content-Type", "application/json");
  asked.body = R"({"a":1})";
  const auto got = client.send(asked);
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, asked.body);
  ASSERT_EQ(server.seen().size(), 1u);
  const auto seen = server.seen()[0];
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.target, "/v0/carts?lang=bg");
  EXPECT_EQ(seen.headers.find("Host"), server.address());
  EXPECT_EQ(seen.headers.find("Content-Type"), "application/json");
  EXPECT_EQ(seen.headers.find("Accept-Encoding"), "identity");
  EXPECT_EQ(seen.body, asked.body);
}

TEST(client, keeps_its_connection) {
  running_server server;
  running_client client;
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(client.get(url_of(server)));
  EXPECT_EQ(client.counters().connections_opened, 1u);
  EXPECT_EQ(client.counters().connections_reused, 2u);
  EXPECT_EQ(client.counters().connections_open, 1u);
  EXPECT_EQ(server.counters().connections_accepted, 1u);
}

TEST(client, closes_when_the_server_says_so) {
  running_server server;
  server.answer_instead([](const request&, std::size_t) {
    response last;
    last.headers.add("Connection", "close");
    return last;
  });
  running_client client;
  EXPECT_TRUE(client.get(url_of(server)));
  EXPECT_TRUE(client.get(url_of(server)));
  EXPECT_EQ(client.counters().connections_opened, 2u);
  EXPECT_EQ(client.counters().connections_reused, 0u);
}

TEST(client, closes_what_was_idle_too_long) {
  running_server server;
  client_options settings;
  settings.idle_timeout = 50ms;
  running_client client(settings);
  EXPECT_TRUE(client.get(url_of(server)));
  while (client.counters().connections_open > 0)
    std::this_thread::yield();
  EXPECT_TRUE(client.get(url_of(server)));
  EXPECT_EQ(client.counters().connections_opened, 2u);
}

base::task<> get_from(client& through, std::string url) {
  const request asked{"GET", std::move(url), {}, {}};
  const auto got = co_await through.send(asked, true);
  EXPECT_TRUE(got);
}

TEST(client, rests_when_its_idle_connections_are_closed) {
  running_server server;
  boost::asio::io_context context;
  client_options settings;
  settings.idle_timeout = 50ms;
  const auto client = *client::create(context.get_executor(), settings);
  for (int i = 0; i < 2; ++i)
    boost::asio::co_spawn(context, get_from(*client, url_of(server)), boost::asio::detached);
  context.run_for(10s);
  EXPECT_TRUE(context.stopped()) << "something ticks on";
  EXPECT_EQ(client->counters().connections_opened, 2u);
  EXPECT_EQ(client->counters().connections_open, 0u);
}

TEST(client, does_not_use_a_connection_that_the_server_closed) {
  server_options settings;
  settings.idle_timeout = 50ms;
  running_server server(settings);
  running_client client;
  EXPECT_TRUE(client.get(url_of(server)));
  while (server.counters().connections_open > 0)
    std::this_thread::yield();
  EXPECT_TRUE(client.get(url_of(server), false));
  EXPECT_EQ(client.counters().connections_reused, 0u);
}

/// Drops the connection on the second request.
std::optional<response> drop_second(const request&, std::size_t nth) {
  response answer;
  answer.status = nth == 2 ? 0 : 200;
  return answer;
}

TEST(client, sends_once_more_when_a_reused_connection_breaks) {
  running_server server;
  server.answer_instead(drop_second);
  running_client client;
  EXPECT_TRUE(client.get(url_of(server)));
  const auto second = client.get(url_of(server));
  ASSERT_TRUE(second) << second.error().detail;
  EXPECT_EQ(server.seen().size(), 3u);
}

TEST(client, leaves_in_doubt_what_is_not_safe_to_repeat) {
  running_server server;
  server.answer_instead(drop_second);
  client_options settings;
  settings.trusted_rest = 1h;
  running_client client(settings);
  EXPECT_TRUE(client.get(url_of(server), false));
  const auto second = client.get(url_of(server), false);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reached, stage::sent);
  EXPECT_TRUE(second.error().in_doubt());
  EXPECT_EQ(server.seen().size(), 2u);
}

/// Answers one request of one connection, and is gone for good with the next.
void answer_once_and_vanish(boost::asio::ip::tcp::acceptor& listening) {
  auto line = listening.accept();
  listening.close();
  std::string seen;
  seen.erase(0, boost::asio::read_until(line, boost::asio::dynamic_buffer(seen), "\r\n\r\n"));
  boost::asio::write(line, boost::asio::buffer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 38));
  boost::asio::read_until(line, boost::asio::dynamic_buffer(seen), "\r\n\r\n");
}

TEST(client, leaves_in_doubt_what_a_connection_took_though_no_second_copy_left) {
  boost::asio::io_context context;
  boost::asio::ip::tcp::acceptor listening(context, {boost::asio::ip::address_v4::loopback(), 0});
  const auto url = "http://127.0.0.1:" + std::to_string(listening.local_endpoint().port()) + "/";
  std::thread vendor([&] { answer_once_and_vanish(listening); });
  running_client client;
  EXPECT_TRUE(client.get(url));
  const auto second = client.get(url);
  vendor.join();
  ASSERT_FALSE(second);
  EXPECT_TRUE(second.error().in_doubt());
  EXPECT_THAT(second.error().detail, HasSubstr("cannot connect"));
}

TEST(client, trusts_what_must_not_be_repeated_to_no_connection_that_rested) {
  running_server server;
  client_options settings;
  settings.trusted_rest = 0ms;
  running_client client(settings);
  EXPECT_TRUE(client.get(url_of(server)));
  EXPECT_TRUE(client.get(url_of(server)));
  EXPECT_EQ(client.counters().connections_reused, 1u);
  EXPECT_TRUE(client.get(url_of(server), false));
  EXPECT_EQ(client.counters().connections_reused, 1u);
  EXPECT_EQ(client.counters().connections_opened, 2u);
  EXPECT_EQ(client.counters().connections_open, 1u) << "the one that rested is given up";
}

TEST(client, does_not_repeat_on_a_fresh_connection) {
  running_server server;
  server.answer_instead(
      [](const request&, std::size_t) { return raw_answer("", wire_script::ending::close); });
  running_client client;
  const auto got = client.get(url_of(server));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().reached, stage::sent);
  EXPECT_EQ(server.seen().size(), 1u);
}

TEST(client, closes_a_connection_on_which_something_follows_the_answer) {
  running_server server;
  server.answer_instead([](const request&, std::size_t nth) {
    return raw_answer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + std::to_string(nth) +
                      "HTTP/1.1 500 X\r\n");
  });
  running_client client;
  EXPECT_EQ(client.get(url_of(server))->body, "1");
  EXPECT_EQ(client.get(url_of(server))->body, "2");
  EXPECT_EQ(client.counters().connections_reused, 0u);
}

/// Answers each of two connections when it has read the first byte of a request, and only then reads on.
void answer_early(boost::asio::ip::tcp::acceptor& listening) {
  for (int connection = 0; connection < 2; ++connection) {
    auto line = listening.accept();
    std::vector<char> space(1 << 20);
    boost::system::error_code end;
    boost::asio::read(line, boost::asio::buffer(space, 1), end);
    boost::asio::write(line, boost::asio::buffer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 38), end);
    while (!end)
      line.read_some(boost::asio::buffer(space), end);
  }
}

TEST(client, closes_a_connection_that_answered_before_the_request_was_out) {
  boost::asio::io_context context;
  boost::asio::ip::tcp::acceptor listening(context, {boost::asio::ip::address_v4::loopback(), 0});
  std::thread server([&] { answer_early(listening); });
  const auto port = listening.local_endpoint().port();
  {
    client_options settings;
    settings.request_timeout = 5s;
    running_client client(settings);
    const auto url = "http://127.0.0.1:" + std::to_string(port) + "/";
    const std::string longer_than_sockets_hold(32 << 20, 'x');
    for (int i = 0; i < 2; ++i)
      EXPECT_TRUE(client.send(request{"POST", url, {}, longer_than_sockets_hold}));
    EXPECT_EQ(client.counters().connections_opened, 2u);
    EXPECT_EQ(client.counters().connections_reused, 0u);
  }
  raw_client(port).finish_sending();  // so that nobody waits for it in vain
  server.join();
}

TEST(client, gives_up_in_time) {
  running_server server;
  server.answer_instead([](const request&, std::size_t) { return raw_answer("HTTP/1.1 200 OK\r\n"); });
  client_options settings;
  settings.request_timeout = 150ms;
  running_client client(settings);
  const auto got = client.get(url_of(server));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().reached, stage::sent);
  EXPECT_THAT(got.error().detail, HasSubstr("timed out"));
}

TEST(client, tells_a_reset_from_an_answer) {
  running_server server;
  server.answer_instead([](const request&, std::size_t) {
    return raw_answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", wire_script::ending::reset);
  });
  running_client client;
  const auto got = client.get(url_of(server));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().reached, stage::sent);
}

TEST(client, says_that_nobody_listens) {
  unsigned short port = 0;
  {
    running_server server;
    port = server.port();
  }
  running_client client;
  const auto got = client.get("http://127.0.0.1:" + std::to_string(port) + "/");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().reached, stage::connect);
  EXPECT_FALSE(got.error().in_doubt());
}

TEST(client, says_that_a_name_has_no_address) {
  client_options settings;
  settings.connect_timeout = 1500ms;
  running_client client(settings);
  const auto got = client.get("https://no-such-host.invalid/");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().reached, stage::resolve);
}

TEST(client, tries_every_address_of_a_name) {
  // localhost is ::1 and 127.0.0.1 on most machines; the server listens on one of them only.
  running_server server;
  running_client client;
  const auto got = client.get("http://localhost:" + std::to_string(server.port()) + "/");
  ASSERT_TRUE(got) << got.error().detail;
}

TEST(client, refuses_what_would_split_the_request) {
  running_server server;
  running_client client;
  for (const std::string bad : {"a\r\nEvil: 1", "a\nb", " a", "caf\xc3\xa9"}) {
    request asked{"POST", url_of(server), {}, "x"};
    asked.headers.add("X-Key", bad);
    const auto got = client.send(asked);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().reached, stage::connect);
    EXPECT_EQ(got.error().detail.find("Evil"), std::string::npos);
  }
  request framed{"POST", url_of(server), {}, "x"};
  framed.headers.add("Transfer-Encoding", "chunked");
  EXPECT_FALSE(client.send(framed));
  EXPECT_TRUE(server.seen().empty());
}

TEST(client, waits_in_line_for_a_connection) {
  running_server server;
  client_options settings;
  settings.max_connections = 1;
  running_client client(settings);
  std::vector<std::future<outcome>> all;
  for (int i = 0; i < 5; ++i) {
    request asked{"POST", url_of(server, "/slow"), {}, std::to_string(i)};
    all.push_back(client.start(std::move(asked)));
  }
  for (auto& one : all)
    EXPECT_TRUE(one.get());
  const auto seen = server.seen();
  ASSERT_EQ(seen.size(), 5u);
  for (std::size_t i = 0; i < seen.size(); ++i)
    EXPECT_EQ(seen[i].body, std::to_string(i));
  EXPECT_EQ(client.counters().connections_opened, 1u);
}

TEST(client, stops_with_a_failure_for_each_request) {
  running_server server;
  server.answer_instead([](const request&, std::size_t) { return raw_answer(""); });
  client_options settings;
  settings.max_connections = 1;
  running_client client(settings);
  auto flying = client.start({"GET", url_of(server), {}, {}});
  while (server.seen().empty())
    std::this_thread::yield();
  auto waiting = client.start({"GET", url_of(server), {}, {}});
  client.stop();
  EXPECT_EQ(flying.get().error().reached, stage::sent);
  EXPECT_EQ(waiting.get().error().reached, stage::connect);
  EXPECT_FALSE(client.get(url_of(server)));
}

TEST(client, refuses_settings_that_cannot_work) {
  io_thread io;
  client_options settings;
  settings.ca_file = "/nowhere/ca.pem";
  EXPECT_FALSE(client::create(io.executor(), settings));
  for (const std::string proxy : {"nonsense", "https://a:1", "http://a", "http://u:p@a:1", "http://a:1/x"}) {
    client_options other;
    other.proxy = proxy;
    EXPECT_FALSE(client::create(io.executor(), other)) << proxy;
  }
}

}  // namespace
}  // namespace cartrelay::http::testing
