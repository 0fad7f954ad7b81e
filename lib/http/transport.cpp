#include "http/transport.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

namespace cartrelay::http {
namespace {

using boost::system::error_code;

class plain_transport final : public transport {
 public:
  explicit plain_transport(stream_socket socket) : socket_(std::move(socket)) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
  }

  base::task<io_result> handshake(role) override { co_return io_result{}; }
  base::task<io_result> read_some(boost::asio::mutable_buffer into) override {
    return socket_.async_read_some(into, base::as_result);
  }
  base::task<io_result> write(std::string_view from) override {
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
  stream_socket& socket() noexcept override { return socket_; }
  ssl_st* tls() noexcept override { return nullptr; }

 private:
  stream_socket socket_;
};

class tls_transport final : public transport {
 public:
  tls_transport(stream_socket socket, boost::asio::ssl::context& settings)
      : stream_(std::move(socket), settings) {}
  /// OpenSSL forgets the session of a connection that goes without close_notify. Nothing of ours depends on
  /// that notice, and the session is to be resumed.
  ~tls_transport() override {
    SSL_set_shutdown(stream_.native_handle(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  }

  base::task<io_result> handshake(role as) override {
    const auto type =
        as == role::client ? boost::asio::ssl::stream_base::client : boost::asio::ssl::stream_base::server;
    const auto done = co_await stream_.async_handshake(type, base::as_result);
    co_return io_result{std::get<0>(done), 0};
  }
  base::task<io_result> read_some(boost::asio::mutable_buffer into) override {
    return stream_.async_read_some(into, base::as_result);
  }
  base::task<io_result> write(std::string_view from) override {
    return boost::asio::async_write(stream_, boost::asio::buffer(from), base::as_result);
  }
  std::size_t try_write(std::string_view, error_code& failure) override {
    failure = boost::asio::error::would_block;
    return 0;
  }
  /// Only our half: the peer's close_notify is not waited for. With it sent, the peer knows that nothing was
  /// cut off.
  base::task<io_result> finish() override {
    SSL_set_shutdown(stream_.native_handle(), SSL_RECEIVED_SHUTDOWN);
    const auto done = co_await stream_.async_shutdown(base::as_result);
    error_code failure = std::get<0>(done);
    stream_.next_layer().shutdown(stream_socket::shutdown_send, failure);
    co_return io_result{failure, 0};
  }
  stream_socket& socket() noexcept override { return stream_.next_layer(); }
  ssl_st* tls() noexcept override { return stream_.native_handle(); }

 private:
  boost::asio::ssl::stream<stream_socket> stream_;
};

}  // namespace

void transport::cancel() noexcept {
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

std::unique_ptr<transport> make_tls_transport(stream_socket socket, boost::asio::ssl::context& settings) {
  return std::make_unique<tls_transport>(std::move(socket), settings);
}

}  // namespace cartrelay::http
