#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "http/message.hpp"
#include "http/options.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace boost::asio::ssl {
class context;
}  // namespace boost::asio::ssl

namespace cartrelay::http {

class inherited_sockets;

/// Where a request came in: what a handler may need to decide who is asking.
struct peer {
  bool unix_socket = false;
  bool loopback = false;
  std::string address;  ///< for logs
};

/// Answers requests. Lives on the listener's I/O thread; one call per request, several at once on several
/// connections; outlives the server. HEAD arrives as GET, and the body of its answer is left out.
class handler {
 public:
  handler() = default;
  handler(const handler&) = delete;
  handler& operator=(const handler&) = delete;
  virtual ~handler() = default;

  /// Called when the header is complete and before the body is read: an answer ends the request early (401,
  /// 404, 405, 413, 415, 417…) without reading the body, and closes the connection unless there was none.
  /// Nothing: go on.
  [[nodiscard]] virtual std::optional<response> screen(const request& head, const peer& from) = 0;
  /// The whole request; gzip bodies already inflated. `from` and `incoming` live until the task ends. An
  /// exception becomes a 500. An answer with status 0 closes the connection without a word; one with
  /// `Connection: close` is the connection's last.
  [[nodiscard]] virtual base::task<response> handle(request& incoming, const peer& from) = 0;
  /// Called when a request was answered with a 4xx before it came here: for its framing, size or slowness.
  virtual void note_refused() noexcept {}
};

struct server_counters {
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_open = 0;
  std::uint64_t requests = 0;
  std::uint64_t refused_framing = 0;  ///< requests that ended in a 4xx of the protocol layer
};

/// A listener on any number of addresses, and its connections, on one I/O thread. Strict about framing
/// (docs/decisions): what is ambiguous is refused and the connection closed, and the rest of it never parsed.
class server {
 public:
  /// Binds everything or nothing: fails with the address that could not be bound, or with what is wrong with
  /// the certificate. Takes the sockets that are bound already from `inherited`, where there are any.
  /// `target` outlives the server.
  [[nodiscard]] static base::result<std::unique_ptr<server>> listen(base::executor where,
                                                                    const server_options& settings,
                                                                    handler& target,
                                                                    inherited_sockets* inherited = nullptr);
  server(const server&) = delete;
  server& operator=(const server&) = delete;
  ~server();

  void start();
  /// Stops accepting and lets each connection finish the request it has (at most `grace`), then closes all.
  /// Ends when the last has ended: a handler is never interrupted, so one that does not end keeps this from
  /// ending. To be awaited before the server is destroyed, unless the io_context runs no more.
  [[nodiscard]] base::task<> stop(std::chrono::milliseconds grace);
  [[nodiscard]] const std::vector<std::string>& addresses() const noexcept;  ///< as bound, with real ports
  [[nodiscard]] server_counters counters() const noexcept;
  /// New limits for requests that begin from now on; addresses and TLS files of `settings` are not looked at.
  void set_limits(const server_options& settings);
  /// Another certificate for connections that begin from now on (see tls_settings.hpp), of a server that has
  /// one already.
  void renew_tls(std::unique_ptr<boost::asio::ssl::context> renewed);

 private:
  struct listener;
  explicit server(std::shared_ptr<listener> all);

  std::shared_ptr<listener> all_;  // the running coroutines' too: outlives this if they do
};

}  // namespace cartrelay::http
