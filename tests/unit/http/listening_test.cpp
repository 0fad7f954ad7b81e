#include "http/acceptor.hpp"
#include "http/inherited_sockets.hpp"
#include "http/listening_socket.hpp"
#include "tests/unit/http/support.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace cartrelay::http::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string get = "GET /hello HTTP/1.1\r\nHost: test\r\n\r\n";

base::result<std::unique_ptr<server>> try_listen(io_thread& io, handler& answers,
                                                 const std::string& address) {
  server_options settings;
  settings.listen = {address};
  return server::listen(io.executor(), settings, answers);
}

std::uint16_t port_of(int fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  EXPECT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
  return ntohs(address.sin_port);
}

TEST(listening, serves_a_unix_socket_with_its_mode_and_removes_it) {
  const temporary_folder folder;
  const auto path = folder / "ingest.sock";
  server_options settings;
  settings.listen = {"unix:" + path, "127.0.0.1:0"};
  settings.unix_mode = 0620;
  running_server server(settings);
  EXPECT_EQ(server.address(), "unix:" + path);
  raw_client client(path);
  client.send(get);
  EXPECT_EQ(status_of(client.read_answers(1)), 200);
  EXPECT_TRUE(server.last_peer().unix_socket);
  struct stat file {};
  ASSERT_EQ(::stat(path.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777u, 0620u);
  server.stop();
  EXPECT_NE(::access(path.c_str(), F_OK), 0);
}

TEST(listening, replaces_a_stale_socket_file_but_never_a_live_one) {
  const temporary_folder folder;
  const auto path = folder / "a.sock";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  const int stale = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::bind(stale, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(stale);

  server_options settings;
  settings.listen = {"unix:" + path};
  running_server server(settings);
  raw_client client(path);
  client.send(get);
  EXPECT_EQ(status_of(client.read_answers(1)), 200);

  echo_handler answers;
  io_thread io;
  const auto second = try_listen(io, answers, "unix:" + path);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message(), HasSubstr("somebody listens"));
  EXPECT_TRUE(raw_client(path).connected());
}

TEST(listening, never_removes_a_file_that_is_no_socket) {
  const temporary_folder folder;
  write_file(folder / "precious", "data");
  echo_handler answers;
  io_thread io;
  EXPECT_FALSE(try_listen(io, answers, "unix:" + (folder / "precious")));
  EXPECT_EQ(::access((folder / "precious").c_str(), F_OK), 0);
}

TEST(listening, names_the_address_that_it_cannot_have) {
  running_server server;
  echo_handler answers;
  io_thread io;
  const auto taken = try_listen(io, answers, server.address());
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message(), HasSubstr(server.address()));
  for (const std::string bad : {"nonsense", "1.2.3:80", "127.0.0.1:99999", "unix:relative", "name:80"})
    EXPECT_FALSE(try_listen(io, answers, bad)) << bad;
}

TEST(listening, says_why_there_is_no_socket) {
  const few_descriptors none(0);
  for (const std::string address : {"127.0.0.1:0", "[::1]:0"}) {
    const auto made = listening_socket::open(address, 0600);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().message(), "cannot listen on " + address + ": Too many open files");
  }
}

TEST(listening, that_fails_is_told_once_and_goes_on_when_it_can) {
  io_thread io;
  auto socket = listening_socket::open("127.0.0.1:0", 0600);
  ASSERT_TRUE(socket);
  const int fd = socket->fd();
  const auto words = "cannot accept a connection on " + socket->address() + ": Invalid argument\n";
  acceptor source(io.executor(), std::move(*socket));
  ::testing::internal::CaptureStderr();
  ASSERT_EQ(::shutdown(fd, SHUT_RDWR), 0);
  auto accepting = boost::asio::co_spawn(io.executor(), source.next(), boost::asio::use_future);
  EXPECT_EQ(accepting.wait_for(500ms), std::future_status::timeout);
  ASSERT_EQ(::listen(fd, 1), 0);
  raw_client client(port_of(fd));  // another one than before
  EXPECT_TRUE(accepting.get());
  const auto told = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(told, HasSubstr(words));
  EXPECT_EQ(std::ranges::count(told, '\n'), 1) << told;
}

/// As a service manager leaves it: bound, listening, blocking, and not ours.
int bound_by_somebody(int family, const sockaddr* address, socklen_t size) {
  const int fd = ::socket(family, SOCK_STREAM, 0);
  EXPECT_EQ(::bind(fd, address, size), 0);
  EXPECT_EQ(::listen(fd, 8), 0);
  return fd;
}

int bound_to_loopback() {
  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return bound_by_somebody(AF_INET, reinterpret_cast<const sockaddr*>(&any), sizeof any);
}

TEST(inherited_sockets, serve_who_came_before_the_server) {
  const std::array given{bound_to_loopback(), bound_to_loopback()};
  const auto port = port_of(given[0]);
  const auto other = "127.0.0.1:" + std::to_string(port_of(given[1]));
  raw_client early(port);
  early.send(get);
  auto inherited = inherited_sockets::adopt(given);
  ASSERT_TRUE(inherited) << inherited.error().message();
  echo_handler answers;
  io_thread io;
  server_options settings;
  settings.listen = {"localhost:" + std::to_string(port), "127.0.0.1:0"};
  const auto made = server::listen(io.executor(), settings, answers, &*inherited);
  ASSERT_TRUE(made) << made.error().message();
  EXPECT_THAT(inherited->left(), ElementsAre(other));
  EXPECT_THAT((*made)->addresses(), ElementsAre("127.0.0.1:" + std::to_string(port), ::testing::_));
  boost::asio::post(io.executor(), [&] { (*made)->start(); });
  EXPECT_EQ(status_of(early.read_answers(1)), 200);
  boost::asio::co_spawn(io.executor(), (*made)->stop(0ms), boost::asio::use_future).get();
}

TEST(inherited_sockets, of_the_file_system_keep_their_file) {
  const temporary_folder folder;
  const auto path = folder / "given.sock";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  const std::array given{
      bound_by_somebody(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address)};
  auto inherited = inherited_sockets::adopt(given);
  ASSERT_TRUE(inherited) << inherited.error().message();
  {
    const auto taken = inherited->take("unix:" + path);
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->family(), AF_UNIX);
  }
  EXPECT_EQ(::access(path.c_str(), F_OK), 0);
  EXPECT_FALSE(inherited->take("unix:" + path));
}

TEST(inherited_sockets, are_refused_where_nobody_can_connect) {
  for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
    const std::array given{::socket(AF_INET, type, 0)};
    const auto refused = inherited_sockets::adopt(given);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message(), HasSubstr("is no stream socket that listens"));
    EXPECT_EQ(::fcntl(given[0], F_GETFD), -1);
  }
}

TEST(listening, knows_a_peer_by_its_whole_address) {
  sockaddr_storage from{};
  const auto peer_at = [&from](const char* address) {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(from);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(4711);
    EXPECT_EQ(::inet_pton(AF_INET6, address, &v6.sin6_addr), 1);
    return describe_peer(from, sizeof v6);
  };
  EXPECT_EQ(peer_at("::1").address, "[::1]:4711");
  EXPECT_TRUE(peer_at("::1").loopback);
  EXPECT_EQ(peer_at("fd00::2").address, "[fd00::2]:4711");
  EXPECT_FALSE(peer_at("fd00::2").loopback);
}

TEST(listening, serves_ipv6_where_there_is_any) {
  echo_handler answers;
  io_thread io;
  const auto made = try_listen(io, answers, "[::1]:0");
  if (!made) GTEST_SKIP() << made.error().message();
  EXPECT_THAT((*made)->addresses().front(), HasSubstr("[::1]:"));
}

TEST(listening, names_the_zone_that_is_not_there) {
  const auto made = listening_socket::open("[fe80::1%nowhere]:0", 0600);
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message(), HasSubstr("cannot listen on [fe80::1%nowhere]:0: "));
}

}  // namespace
}  // namespace cartrelay::http::testing
