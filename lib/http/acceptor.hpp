#pragma once

#include "base/task.hpp"
#include "base/time.hpp"
#include "http/listening_socket.hpp"
#include "http/transport.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <optional>

namespace cartrelay::http {

/// A connection just accepted.
struct accepted {
  stream_socket socket;
  peer from;
};

/// Accepts from one listening socket. When the process has no descriptor left it neither spins nor leaves the
/// client hanging: a spare descriptor is given up for as long as it takes to accept and close, and there is a
/// pause. Where accepting fails otherwise it says so and tries again later. Thread rules: everything on one
/// I/O thread.
class acceptor {
 public:
  acceptor(const base::executor& where, listening_socket socket);
  ~acceptor();
  acceptor(const acceptor&) = delete;
  acceptor& operator=(const acceptor&) = delete;

  /// The next connection; nothing: closed.
  [[nodiscard]] base::task<std::optional<accepted>> next();
  /// Ends when a client waits to be accepted, or when closed.
  [[nodiscard]] base::task<> somebody_waits();
  /// Ends both, refuses further clients, and removes the file of a Unix socket.
  void close() noexcept;
  [[nodiscard]] const std::string& address() const noexcept { return socket_.address(); }
  [[nodiscard]] bool is_unix() const noexcept { return socket_.family() == AF_UNIX; }

 private:
  enum class outcome { taken, none_waiting, no_descriptor, out_of_order };
  outcome try_accept(std::optional<accepted>& into);
  outcome failed(int reason);
  void shed_one();

  base::executor where_;
  listening_socket socket_;
  boost::asio::posix::basic_stream_descriptor<base::executor> descriptor_;
  int spare_;
  std::optional<base::steady_time> complained_;
  int told_failure_ = 0;  // errno; 0: none since the last connection
};

}  // namespace cartrelay::http
