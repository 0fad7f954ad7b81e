#include "http/transport.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>
#include <sys/socket.h>

#include <cerrno>

namespace cartrelay::http {
namespace {

using boost::system::error_code;

base::task<io_result> aborted() {
  co_return io_result{boost::asio::error::operation_aborted, 0};
}

class plain_transport final : public transport {
 public:
  explicit plain_transport(stream_socket socket) : socket_(std::move(socket)) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
  }

  base::task<io_result> handshake(role) override { co_return io_result{}; }
  base::task<io_result> read_some(boost::asio::mutable_buffer into) override {
    if (is_cancelled()) return aborted();
    return socket_.async_read_some(into, base::as_result);
  }
  base::task<io_result> write(std::string_view from) override {
    if (is_cancelled()) return aborted();
    return boost::asio::async_write(socket_, boost::asio::buffer(from), base::as_result);
  }
  std::size_t try_write(std::string_view from, error_code& failure) override {
    const auto written = socket_.write_some(boost::asio::buffer(from), failure);
    if (!failure && written < from.size()) failure = boost::asio::error::would_block;
    return written;
  }
  base::task<io_result> finish() override {
    error_code failure;
    socket_.shutdown(stream_socket::shutdown_send, failure);
    co_return io_result{failure, 0};
  }
  bool is_quiet() override {
    char byte = 0;
    const auto count = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }
  stream_socket& socket() noexcept override { return socket_; }
  ssl_st* tls() noexcept override { return nullptr; }

 private:
  stream_socket socket_;
};

}  // namespace

void transport::cancel() noexcept {
  cancelled_ = true;
  error_code ignored;
  socket().cancel(ignored);
}

void transport::close() noexcept {
  error_code ignored;
  socket().close(ignored);
}

std::unique_ptr<transport> make_plain_transport(stream_socket socket) {
  return std::make_unique<plain_transport>(std::move(socket));
}

}  // namespace cartrelay::http
