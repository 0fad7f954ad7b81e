#include "http/listening_socket.hpp"

#include "http/errc.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace cartrelay::http {
namespace {

using boost::asio::ip::tcp;
using unix_protocol = boost::asio::local::stream_protocol;

constexpr int backlog = 1024;

std::string format(const tcp::endpoint& where) {
  return fmt::format("{}:{}", bracketed(where.address().to_string()), where.port());
}

int new_socket(int family) {
  return ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/// Whether a process accepts on the Unix socket.
bool is_alive(const unix_protocol::endpoint& where) {
  const int probe = new_socket(AF_UNIX);
  if (probe < 0) return true;
  const bool connected = ::connect(probe, where.data(), static_cast<socklen_t>(where.size())) == 0;
  const bool refused = !connected && (errno == ECONNREFUSED || errno == ENOENT);
  ::close(probe);
  return !refused;
}

tcp::endpoint endpoint_of(const listen_address& address) {
  return {boost::asio::ip::make_address(address.host), address.port};
}

bool listens(int socket) {
  int yes = 0, type = 0;
  socklen_t size = sizeof yes;
  return ::getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &yes, &size) == 0 && yes != 0 &&
         ::getsockopt(socket, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

tcp::endpoint tcp_endpoint(const sockaddr_storage& address, socklen_t size) {
  tcp::endpoint where;  // its size() is the one of its family, which it has from what is copied
  std::memcpy(where.data(), &address, std::min<std::size_t>(size, where.capacity()));
  return where;
}

/// Empty: of another family, or without a name.
std::string bound_name(const sockaddr_storage& address, socklen_t size) {
  if (address.ss_family == AF_INET || address.ss_family == AF_INET6)
    return format(tcp_endpoint(address, size));
  unix_protocol::endpoint where;
  if (address.ss_family != AF_UNIX || size > where.capacity()) return {};
  std::memcpy(where.data(), &address, size);
  where.resize(size);
  return where.path().starts_with('/') ? "unix:" + where.path() : std::string();
}

base::error cannot_listen(const std::string& address) {
  const auto kind = errno == EADDRINUSE ? errc::address_in_use : errc::bad_address;
  return fail(kind, fmt::format("cannot listen on {}: {}", address, base::system_message(errno)));
}

}  // namespace

base::result<listening_socket> listening_socket::open(const std::string& text, unsigned unix_mode) {
  const auto address = parse_listen_address(text);
  if (!address)
    return fail(errc::bad_address, fmt::format("cannot listen on '{}': {}", text, address.error().message()));
  return address->is_unix() ? open_unix(address->path, unix_mode) : open_tcp(*address);
}

base::result<listening_socket> listening_socket::adopt(int descriptor) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  const bool is_known = ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&bound), &size) == 0;
  listening_socket made(descriptor, bound.ss_family);
  if (is_known && listens(descriptor)) made.address_ = bound_name(bound, size);
  if (made.address_.empty())
    return fail(errc::bad_address, fmt::format("descriptor {} is no stream socket that listens on an IP "
                                               "address or a path",
                                               descriptor));
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
  return made;
}

std::string listening_socket::name_of(const std::string& text) {
  const auto address = parse_listen_address(text);
  if (!address) return {};
  return address->is_unix() ? "unix:" + address->path : format(endpoint_of(*address));
}

base::result<listening_socket> listening_socket::open_tcp(const listen_address& address) {
  auto where = endpoint_of(address);
  const int family = where.protocol().family();
  auto words = fmt::format("{}:{}", bracketed(address.host), address.port);
  listening_socket made(new_socket(family), family);
  if (made.fd_ < 0) return cannot_listen(words);
  made.address_ = std::move(words);
  const int on = 1;
  ::setsockopt(made.fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (family == AF_INET6) ::setsockopt(made.fd_, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (::bind(made.fd_, where.data(), static_cast<socklen_t>(where.size())) != 0 ||
      ::listen(made.fd_, backlog) != 0)
    return cannot_listen(made.address_);
  socklen_t size = static_cast<socklen_t>(where.capacity());
  if (::getsockname(made.fd_, where.data(), &size) == 0) made.address_ = format(where);
  return made;
}

base::result<listening_socket> listening_socket::open_unix(const std::string& path, unsigned mode) {
  const unix_protocol::endpoint where(path);
  const auto address = "unix:" + path;
  struct stat file {};
  if (::lstat(path.c_str(), &file) == 0) {
    if (!S_ISSOCK(file.st_mode))
      return fail(errc::bad_address, fmt::format("{} exists and is not a socket", path));
    if (is_alive(where)) return fail(errc::address_in_use, fmt::format("somebody listens on {}", address));
    ::unlink(path.c_str());
  }
  listening_socket made(new_socket(AF_UNIX), AF_UNIX);
  if (made.fd_ < 0 || ::bind(made.fd_, where.data(), static_cast<socklen_t>(where.size())) != 0)
    return cannot_listen(address);
  made.path_ = path;
  made.address_ = address;
  if (::lstat(path.c_str(), &file) == 0) {
    made.device_ = file.st_dev;
    made.inode_ = file.st_ino;
  }
  // Nobody can connect before listen(), so the mode holds from the first client on.
  if (::chmod(path.c_str(), mode) != 0 || ::listen(made.fd_, backlog) != 0) return cannot_listen(address);
  return made;
}

listening_socket::listening_socket(listening_socket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      family_(other.family_),
      address_(std::move(other.address_)),
      path_(std::exchange(other.path_, {})),
      device_(other.device_),
      inode_(other.inode_) {}

listening_socket::~listening_socket() {
  if (fd_ >= 0) ::close(fd_);
  remove_file();
}

int listening_socket::release() noexcept {
  return std::exchange(fd_, -1);
}

void listening_socket::remove_file() noexcept {
  struct stat file {};
  if (!path_.empty() && ::lstat(path_.c_str(), &file) == 0 && file.st_dev == device_ && file.st_ino == inode_)
    ::unlink(path_.c_str());
  path_.clear();
}

peer describe_peer(const sockaddr_storage& address, socklen_t size) {
  peer from;
  if (address.ss_family == AF_UNIX) {
    from.unix_socket = true;
    from.loopback = true;
    from.address = "unix";
    return from;
  }
  const auto where = tcp_endpoint(address, size);
  from.loopback = where.address().is_loopback();
  from.address = format(where);
  return from;
}

}  // namespace cartrelay::http
