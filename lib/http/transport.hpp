#pragma once

#include "base/task.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string_view>
#include <tuple>

namespace cartrelay::http {

/// TCP or Unix, on the house executor.
using stream_socket = boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, base::executor>;

/// What an operation came to, and how many bytes it moved.
using io_result = std::tuple<boost::system::error_code, std::size_t>;

/// A connected socket, plain or under TLS: the two ways in which bytes travel, for both the server and the
/// client. One read and one write at a time. Thread rules: everything on one I/O thread; outlives its
/// operations.
class transport {
 public:
  enum class role { client, server };

  transport() = default;
  transport(const transport&) = delete;
  transport& operator=(const transport&) = delete;
  virtual ~transport() = default;

  /// The TLS handshake; nothing on a plain socket.
  [[nodiscard]] virtual base::task<io_result> handshake(role as) = 0;
  [[nodiscard]] virtual base::task<io_result> read_some(boost::asio::mutable_buffer into) = 0;
  /// All of it. `from` lives until the end.
  [[nodiscard]] virtual base::task<io_result> write(std::string_view from) = 0;
  /// What can be written without waiting; `would_block` if that was not all: then the rest goes to write(),
  /// and something else may only follow it.
  [[nodiscard]] virtual std::size_t try_write(std::string_view from, boost::system::error_code& failure) = 0;
  /// Says that nothing more will be written (FIN, and close_notify before it).
  [[nodiscard]] virtual base::task<io_result> finish() = 0;
  /// Whether nothing has come that read_some() would hand on, nor an end: looks without waiting, and takes
  /// what is TLS's own.
  [[nodiscard]] virtual bool is_quiet() = 0;
  [[nodiscard]] virtual stream_socket& socket() noexcept = 0;
  /// The TLS connection, or null. Owned here.
  [[nodiscard]] virtual ssl_st* tls() noexcept = 0;

  /// What is written goes into the socket as it is.
  [[nodiscard]] bool is_plain() noexcept { return tls() == nullptr; }

  /// What runs ends with `operation_aborted`, and so does what would begin to wait from now on: a peer that
  /// always has something to say is not asked for more.
  void cancel() noexcept;
  /// Takes a cancel() back, once what it was meant for has ended.
  void resume() noexcept { cancelled_ = false; }
  void close() noexcept;

 protected:
  [[nodiscard]] bool is_cancelled() const noexcept { return cancelled_; }

 private:
  bool cancelled_ = false;
};

/// `socket` is connected; it becomes non-blocking.
[[nodiscard]] std::unique_ptr<transport> make_plain_transport(stream_socket socket);
/// `settings` may be gone before the transport: its session shares what they hold.
[[nodiscard]] std::unique_ptr<transport> make_tls_transport(stream_socket socket,
                                                            boost::asio::ssl::context& settings);

}  // namespace cartrelay::http
