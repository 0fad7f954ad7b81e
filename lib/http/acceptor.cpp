#include "http/acceptor.hpp"

#include "base/log.hpp"
#include "base/timer.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace cartrelay::http {
namespace {

constexpr std::chrono::milliseconds pause{200};
constexpr std::chrono::seconds between_complaints{10};

int open_spare() {
  return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

}  // namespace

acceptor::acceptor(const base::executor& where, listening_socket socket)
    : where_(where),
      socket_(std::move(socket)),
      descriptor_(where, socket_.release()),
      spare_(open_spare()) {}

acceptor::~acceptor() {
  if (spare_ >= 0) ::close(spare_);
}

base::task<std::optional<accepted>> acceptor::next() {
  std::optional<accepted> taken;
  while (descriptor_.is_open()) {
    const auto tried = try_accept(taken);
    if (tried == outcome::taken) break;
    if (tried == outcome::none_waiting) {
      co_await somebody_waits();
    } else {
      if (tried == outcome::no_descriptor) shed_one();
      base::timer timer(where_, pause);
      co_await timer.async_wait(base::as_result);
    }
  }
  co_return taken;
}

base::task<> acceptor::somebody_waits() {
  const auto wait = boost::asio::posix::descriptor_base::wait_read;
  co_await descriptor_.async_wait(wait, base::as_result);
}

acceptor::outcome acceptor::try_accept(std::optional<accepted>& into) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  const int fd = ::accept4(descriptor_.native_handle(), any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) return failed(errno);
  told_failure_ = 0;
  const int on = 1;
  if (!is_unix()) ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  stream_socket socket(where_);
  boost::system::error_code failure;
  socket.assign(boost::asio::generic::stream_protocol(socket_.family(), 0), fd, failure);
  if (failure) {
    ::close(fd);
    return outcome::no_descriptor;
  }
  address.ss_family = static_cast<sa_family_t>(socket_.family());  // nameless Unix peers leave it out
  into.emplace(accepted{std::move(socket), describe_peer(address, size)});
  return outcome::taken;
}

/// What has the same reason as the failure before is told once.
acceptor::outcome acceptor::failed(int reason) {
  if (reason == EMFILE || reason == ENFILE || reason == ENOBUFS || reason == ENOMEM)
    return outcome::no_descriptor;
  if (reason == EAGAIN || reason == EINTR || reason == ECONNABORTED) return outcome::none_waiting;
  if (std::exchange(told_failure_, reason) != reason)
    base::log::warning("cannot accept a connection on {}: {}", address(), base::system_message(reason));
  return outcome::out_of_order;
}

/// Answers nobody, but tells one client at once instead of after its patience.
void acceptor::shed_one() {
  const auto now = std::chrono::steady_clock::now();
  if (!complained_ || now - *complained_ >= between_complaints) {
    complained_ = now;
    base::log::warning("no descriptor left to accept a connection on {}; clients are turned away", address());
  }
  if (spare_ >= 0) {
    ::close(spare_);
    const int fd = ::accept4(descriptor_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) ::close(fd);
  }
  spare_ = open_spare();
}

void acceptor::close() noexcept {
  boost::system::error_code ignored;
  descriptor_.close(ignored);
  socket_.remove_file();
}

}  // namespace cartrelay::http
