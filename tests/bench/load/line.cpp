#include "bench/load/line.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace cartrelay::bench {
namespace {

constexpr std::size_t read_size = 64 << 10;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

int connect_unix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("the socket's path is too long");
  std::memcpy(address.sun_path, path.data(), path.size());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket");
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(fd);
    fail("connect");
  }
  return fd;
}

int connect_tcp(const target& where) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(where.port);
  if (::inet_pton(AF_INET, where.host.c_str(), &address.sin_addr) != 1)
    throw std::runtime_error("not an IPv4 address");
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket");
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(fd);
    fail("connect");
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

}  // namespace

std::shared_ptr<ssl_ctx_st> tls_settings(const target& where) {
  if (where.ca_file.empty()) return nullptr;
  std::shared_ptr<ssl_ctx_st> made(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  if (!made || SSL_CTX_load_verify_locations(made.get(), where.ca_file.c_str(), nullptr) != 1)
    throw std::runtime_error("the trust anchor cannot be read");
  SSL_CTX_set_verify(made.get(), SSL_VERIFY_PEER, nullptr);
  return made;
}

line::line(const target& where, ssl_ctx_st* tls)
    : fd_(where.unix_path.empty() ? connect_tcp(where) : connect_unix(where.unix_path)),
      tls_(nullptr, SSL_free),
      space_(std::make_unique_for_overwrite<char[]>(read_size)) {
  if (tls != nullptr) {
    tls_.reset(SSL_new(tls));
    SSL_set_fd(tls_.get(), fd_);
    if (SSL_connect(tls_.get()) != 1) {
      ::close(fd_);
      throw std::runtime_error("the TLS handshake failed");
    }
  }
  if (::fcntl(fd_, F_SETFL, O_NONBLOCK) != 0) fail("fcntl");
}

line::~line() {
  tls_.reset();
  ::close(fd_);
}

line::state line::write(std::string_view& bytes) {
  while (!bytes.empty()) {
    ssize_t count = 0;
    if (tls_) {
      ERR_clear_error();
      count = SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()));
      if (count <= 0)
        return SSL_get_error(tls_.get(), static_cast<int>(count)) == SSL_ERROR_WANT_WRITE ? state::blocked
                                                                                          : state::closed;
    } else {
      count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count < 0) return errno == EAGAIN ? state::blocked : state::closed;
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return state::all;
}

line::state line::read(std::string& into) {
  ssize_t count = 0;
  auto without = state::closed;
  if (tls_) {
    ERR_clear_error();
    count = SSL_read(tls_.get(), space_.get(), read_size);
    if (count <= 0 && SSL_get_error(tls_.get(), static_cast<int>(count)) == SSL_ERROR_WANT_READ)
      without = state::blocked;
  } else {
    count = ::recv(fd_, space_.get(), read_size, 0);
    if (count < 0 && errno == EAGAIN) without = state::blocked;
  }
  if (count <= 0) return without;
  into.append(space_.get(), static_cast<std::size_t>(count));
  return state::all;
}

}  // namespace cartrelay::bench
