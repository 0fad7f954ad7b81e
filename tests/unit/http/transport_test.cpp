#include "http/transport.hpp"

#include "http/errc.hpp"
#include "http/tls_settings.hpp"
#include "tests/unit/http/client_support.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <array>

namespace cartrelay::http::testing {
namespace {

using boost::system::error_code;

/// Two ends of a connection under TLS, through sockets that hold next to nothing.
class narrow_connection : public ::testing::Test {
 protected:
  narrow_connection() {
    std::array<int, 2> pair{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()), 0);
    const int small = 4'096;
    ::setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    const boost::asio::generic::stream_protocol local(AF_UNIX, 0);
    client = make_tls_transport(stream_socket(context, local, pair[0]), *client_settings);
    server = make_tls_transport(stream_socket(context, local, pair[1]), *server_settings);
    boost::asio::co_spawn(context, shake(*server, transport::role::server), boost::asio::detached);
    boost::asio::co_spawn(context, shake(*client, transport::role::client), boost::asio::detached);
    work();
  }
  static base::task<> shake(transport& one, transport::role as) {
    const auto done = co_await one.handshake(as);
    EXPECT_FALSE(std::get<0>(done)) << std::get<0>(done).message();
  }
  static base::task<> write_rest(transport& to, std::string_view rest) {
    const auto done = co_await to.write(rest);
    EXPECT_FALSE(std::get<0>(done));
    EXPECT_EQ(std::get<1>(done), rest.size());
  }
  static base::task<> read(transport& from, std::string& into, std::size_t size) {
    std::array<char, 1'000> space{};
    while (into.size() < size) {
      const auto buffer = boost::asio::buffer(space);
      const auto done = co_await from.read_some(buffer);
      if (std::get<0>(done)) co_return;
      into.append(space.data(), std::get<1>(done));
    }
  }
  static base::task<> write_all(transport& to, std::string_view text, error_code& failure) {
    const auto done = co_await to.write(text);
    failure = std::get<0>(done);
  }
  static base::task<> read_once(transport& from, std::string& into, error_code& failure) {
    std::array<char, 1'000> space{};
    const auto buffer = boost::asio::buffer(space);
    const auto done = co_await from.read_some(buffer);
    failure = std::get<0>(done);
    into.append(space.data(), std::get<1>(done));
  }
  /// Encrypts `count` records for the client that hold nothing for its reader.
  void update_keys(int count) {
    for (int i = 0; i < count; ++i) {
      EXPECT_EQ(SSL_key_update(server->tls(), SSL_KEY_UPDATE_NOT_REQUESTED), 1);
      EXPECT_EQ(SSL_do_handshake(server->tls()), 1);
    }
  }
  /// Until nothing happens any more.
  void work() {
    context.restart();
    context.run_for(std::chrono::milliseconds(200));
  }

  test_authority authority;
  std::unique_ptr<boost::asio::ssl::context> server_settings =
      *make_server_tls(authority.server_for({"localhost"}, {}));
  std::unique_ptr<boost::asio::ssl::context> client_settings = *make_client_tls(authority.client());
  boost::asio::io_context context;
  std::unique_ptr<transport> client, server;
};

TEST_F(narrow_connection, what_try_write_leaves_goes_to_write) {
  std::string text;
  while (text.size() < 60'000)
    text += std::to_string(text.size()) + ' ';
  error_code failure;
  const auto written = client->try_write(text, failure);
  EXPECT_EQ(failure, boost::asio::error::would_block);
  EXPECT_GT(written, 0u) << "some of it has left";
  ASSERT_LT(written, text.size());
  std::string received;
  const auto rest = std::string_view(text).substr(written);
  boost::asio::co_spawn(context, write_rest(*client, rest), boost::asio::detached);
  boost::asio::co_spawn(context, read(*server, received, text.size()), boost::asio::detached);
  work();
  EXPECT_EQ(received, text);

  const std::string next = "and another";
  EXPECT_EQ(client->try_write(next, failure), next.size());
  EXPECT_FALSE(failure);
  boost::asio::co_spawn(context, read(*server, received, text.size() + next.size()), boost::asio::detached);
  work();
  EXPECT_EQ(received, text + next);
}

TEST_F(narrow_connection, reads_while_it_writes) {
  const std::string text(300'000, 'x'), answer(5'000, 'y');
  std::string received, answered;
  error_code failure;
  EXPECT_EQ(client->try_write(text, failure), 0u) << "too much to be encrypted at once";
  EXPECT_EQ(server->try_write(answer, failure), answer.size());
  boost::asio::co_spawn(context, write_rest(*client, text), boost::asio::detached);
  boost::asio::co_spawn(context, read(*client, answered, answer.size()), boost::asio::detached);
  boost::asio::co_spawn(context, read(*server, received, text.size()), boost::asio::detached);
  work();
  EXPECT_EQ(received, text);
  EXPECT_EQ(answered, answer);
}

TEST_F(narrow_connection, knows_of_input_that_nobody_has_read) {
  error_code failure;
  EXPECT_EQ(server->try_write("one", failure), 3u);
  EXPECT_EQ(server->try_write("two", failure), 3u);
  EXPECT_FALSE(client->is_quiet());
  std::string received;
  boost::asio::co_spawn(context, read(*client, received, 3), boost::asio::detached);
  work();
  EXPECT_EQ(received, "one") << "a record at a time";
  EXPECT_FALSE(client->is_quiet());
  boost::asio::co_spawn(context, read(*client, received, 6), boost::asio::detached);
  work();
  EXPECT_EQ(received, "onetwo");
  EXPECT_TRUE(client->is_quiet());
}

TEST_F(narrow_connection, is_quiet_where_nothing_but_tls_spoke) {
  EXPECT_TRUE(client->is_quiet()) << "although session tickets came";
  update_keys(3);
  boost::asio::co_spawn(context, write_rest(*server, {}), boost::asio::detached);
  work();
  EXPECT_TRUE(client->is_quiet());
  server->close();
  EXPECT_FALSE(client->is_quiet()) << "this is an end";
}

TEST_F(narrow_connection, what_is_cancelled_reads_nothing_more_until_resumed) {
  error_code failure;
  EXPECT_EQ(server->try_write("one", failure), 3u);
  client->cancel();
  std::string received;
  boost::asio::co_spawn(context, read_once(*client, received, failure), boost::asio::detached);
  work();
  EXPECT_EQ(failure, boost::asio::error::operation_aborted);
  EXPECT_EQ(received, "") << "although it lay there";
  client->resume();
  boost::asio::co_spawn(context, read_once(*client, received, failure), boost::asio::detached);
  work();
  EXPECT_FALSE(failure);
  EXPECT_EQ(received, "one");
}

TEST_F(narrow_connection, what_is_cancelled_waits_for_no_reader) {
  client->cancel();
  const std::string text(300'000, 'x');
  error_code failure;
  boost::asio::co_spawn(context, write_all(*client, text, failure), boost::asio::detached);
  work();
  EXPECT_EQ(failure, boost::asio::error::operation_aborted);
}

TEST_F(narrow_connection, some_records_without_data_are_no_harm) {
  update_keys(500);
  error_code failure;
  EXPECT_EQ(server->try_write("one", failure), 3u);
  std::string received;
  boost::asio::co_spawn(context, read_once(*client, received, failure), boost::asio::detached);
  work();
  EXPECT_FALSE(failure);
  EXPECT_EQ(received, "one");
}

TEST_F(narrow_connection, records_without_data_and_without_end_are_a_failure) {
  update_keys(6'000);
  boost::asio::co_spawn(context, write_rest(*server, {}), boost::asio::detached);
  error_code failure;
  std::string received;
  boost::asio::co_spawn(context, read_once(*client, received, failure), boost::asio::detached);
  for (int turns = 0; !failure && turns < 50; ++turns)
    work();
  EXPECT_EQ(failure, errc::endless_records);
}

TEST_F(narrow_connection, an_end_that_was_not_announced_is_no_end) {
  server->close();
  std::array<char, 10> space{};
  const auto look = [](transport& from, boost::asio::mutable_buffer into) -> base::task<> {
    const auto done = co_await from.read_some(into);
    EXPECT_TRUE(std::get<0>(done));
    EXPECT_NE(std::get<0>(done), boost::asio::error::eof);
  };
  boost::asio::co_spawn(context, look(*client, boost::asio::buffer(space)), boost::asio::detached);
  work();
  error_code failure;
  EXPECT_EQ(client->try_write("too late", failure), 0u);
  EXPECT_TRUE(failure);
}

}  // namespace
}  // namespace cartrelay::http::testing
