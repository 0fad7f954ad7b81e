#include "http/listening_socket.hpp"

#include "http/errc.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

namespace cartrelay::http {
namespace {

constexpr int backlog = 1024;

/// What bind() and accept() take, for any family.
struct socket_address {
  sockaddr_storage storage{};
  socklen_t size = 0;

  [[nodiscard]] sockaddr* any() noexcept { return reinterpret_cast<sockaddr*>(&storage); }
  [[nodiscard]] sockaddr_in& v4() noexcept { return reinterpret_cast<sockaddr_in&>(storage); }
  [[nodiscard]] sockaddr_in6& v6() noexcept { return reinterpret_cast<sockaddr_in6&>(storage); }
};

std::string last_error() {
  return boost::system::error_code(errno, boost::system::system_category()).message();
}

std::optional<socket_address> parse_tcp(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, port);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;

  socket_address address;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    const std::string bare(host.substr(1, host.size() - 2));
    address.v6().sin6_family = AF_INET6;
    address.v6().sin6_port = htons(port);
    address.size = sizeof(sockaddr_in6);
    if (inet_pton(AF_INET6, bare.c_str(), &address.v6().sin6_addr) != 1) return std::nullopt;
    return address;
  }
  if (host == "localhost") host = "127.0.0.1";
  address.v4().sin_family = AF_INET;
  address.v4().sin_port = htons(port);
  address.size = sizeof(sockaddr_in);
  if (inet_pton(AF_INET, std::string(host).c_str(), &address.v4().sin_addr) != 1) return std::nullopt;
  return address;
}

std::string format_tcp(const sockaddr_storage& storage) {
  char host[INET6_ADDRSTRLEN] = "";
  if (storage.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(storage);
    inet_ntop(AF_INET6, &v6.sin6_addr, host, sizeof host);
    return fmt::format("[{}]:{}", host, ntohs(v6.sin6_port));
  }
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(storage);
  inet_ntop(AF_INET, &v4.sin_addr, host, sizeof host);
  return fmt::format("{}:{}", host, ntohs(v4.sin_port));
}

int new_socket(int family) {
  return ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/// Whether a process accepts on the Unix socket.
bool is_alive(socket_address& address) {
  const int probe = new_socket(AF_UNIX);
  if (probe < 0) return true;
  const bool connected = ::connect(probe, address.any(), address.size) == 0;
  const bool refused = !connected && (errno == ECONNREFUSED || errno == ENOENT);
  ::close(probe);
  return !refused;
}

}  // namespace

base::result<listening_socket> listening_socket::open(const std::string& address, unsigned unix_mode) {
  constexpr std::string_view prefix = "unix:";
  if (address.starts_with(prefix)) return open_unix(address.substr(prefix.size()), unix_mode);
  return open_tcp(address);
}

base::result<listening_socket> listening_socket::open_tcp(const std::string& text) {
  auto address = parse_tcp(text);
  if (!address)
    return fail(errc::bad_address,
                fmt::format("cannot listen on '{}': write ADDRESS:PORT, [ADDRESS]:PORT or unix:/PATH", text));
  listening_socket made(new_socket(address->storage.ss_family), address->storage.ss_family);
  const int on = 1;
  if (made.fd_ < 0)
    return fail(errc::bad_address, fmt::format("cannot listen on {}: {}", text, last_error()));
  ::setsockopt(made.fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (made.family_ == AF_INET6) ::setsockopt(made.fd_, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (::bind(made.fd_, address->any(), address->size) != 0 || ::listen(made.fd_, backlog) != 0) {
    const auto kind = errno == EADDRINUSE ? errc::address_in_use : errc::bad_address;
    return fail(kind, fmt::format("cannot listen on {}: {}", text, last_error()));
  }
  socklen_t size = sizeof address->storage;
  ::getsockname(made.fd_, address->any(), &size);
  made.address_ = format_tcp(address->storage);
  return made;
}

base::result<listening_socket> listening_socket::open_unix(const std::string& path, unsigned mode) {
  socket_address address;
  auto& local = reinterpret_cast<sockaddr_un&>(address.storage);
  local.sun_family = AF_UNIX;
  address.size = sizeof(sockaddr_un);
  if (path.empty() || path.front() != '/' || path.size() >= sizeof local.sun_path)
    return fail(errc::bad_address,
                fmt::format("cannot listen on unix:{}: the path must be absolute and shorter than {} bytes",
                            path, sizeof local.sun_path));
  std::memcpy(local.sun_path, path.c_str(), path.size() + 1);

  struct stat file {};
  if (::lstat(path.c_str(), &file) == 0) {
    if (!S_ISSOCK(file.st_mode))
      return fail(errc::address_in_use, fmt::format("{} exists and is not a socket", path));
    if (is_alive(address))
      return fail(errc::address_in_use, fmt::format("somebody listens on unix:{}", path));
    ::unlink(path.c_str());
  }
  listening_socket made(new_socket(AF_UNIX), AF_UNIX);
  if (made.fd_ < 0 || ::bind(made.fd_, address.any(), address.size) != 0)
    return fail(errc::bad_address, fmt::format("cannot listen on unix:{}: {}", path, last_error()));
  made.path_ = path;
  made.address_ = "unix:" + path;
  if (::lstat(path.c_str(), &file) == 0) {
    made.device_ = file.st_dev;
    made.inode_ = file.st_ino;
  }
  // Nobody can connect before listen(), so the mode holds from the first client on.
  if (::chmod(path.c_str(), mode) != 0 || ::listen(made.fd_, backlog) != 0)
    return fail(errc::bad_address, fmt::format("cannot listen on unix:{}: {}", path, last_error()));
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

peer describe_peer(const sockaddr_storage& address) {
  peer from;
  if (address.ss_family == AF_UNIX) {
    from.unix_socket = true;
    from.loopback = true;
    from.address = "unix";
    return from;
  }
  if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    from.loopback = IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
  } else {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    from.loopback = ntohl(v4.sin_addr.s_addr) >> 24 == 127;
  }
  from.address = format_tcp(address);
  return from;
}

}  // namespace cartrelay::http
