#pragma once

#include "base/error.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "http/message.hpp"

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

/// Limits and deadlines of a listener. Zero is not special anywhere.
struct server_options {
  std::vector<std::string> listen;  ///< `127.0.0.1:8470`, `[::1]:8470`, `unix:/path`; port 0 picks a free one
  std::size_t max_body = 1 << 20;   ///< bytes, after inflating gzip
  std::size_t max_header = 8 << 10;
  std::size_t max_fields = 100;
  /// Further ones wait in the kernel's queue, or take the place of one that has been idle for a second.
  std::size_t max_connections = 1024;
  std::size_t max_requests_per_connection = 1000;  ///< 0: no end
  /// Bytes of large bodies (over 64 KiB) that may be held at once, over all connections; past it a large one
  /// is answered 503. Small ones always find room, and so does one that is alone.
  std::size_t max_large_bodies = 64 << 20;
  /// From the first byte to the end of the header; the first request has to begin so soon after the accept.
  std::chrono::milliseconds header_timeout{10'000};
  std::chrono::milliseconds request_timeout{30'000};  ///< from the first byte to the end of the body
  /// For each 256 KiB of an answer: a client may read slowly, but not stop.
  std::chrono::milliseconds write_timeout{20'000};
  std::chrono::milliseconds idle_timeout{60'000};  ///< between two requests
  /// The silence after its last answer in which a client has to close; request_timeout in all.
  std::chrono::milliseconds linger_timeout{2'000};
  std::string tls_certificate;  ///< PEM files; both or none. Unix sockets stay plain
  std::string tls_key;
  std::string tls_digest;           ///< of what these held when they were read: renewed ones are a change
  std::string tls_certificate_pem;  ///< the same as PEM text, if no files are named
  std::string tls_key_pem;
  unsigned unix_mode = 0660;

  friend bool operator==(const server_options&, const server_options&) = default;
};

/// Where a request came in: what a handler may need to decide who is asking.
struct peer {
  bool unix_socket = false;
  bool loopback = false;
  std::string address;  ///< for logs
};

/// Answers requests. Lives on the listener's I/O thread; one call per request, several at once on several
/// connections; outlives the server.
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
  /// The whole request; gzip bodies already inflated. `from` and `incoming` live until the task ends. HEAD
  /// arrives as GET, and the body of its answer is left out. An exception becomes a 500. An answer with
  /// status 0 closes the connection without a word; one with `Connection: close` is the connection's last.
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
  /// the certificate. `target` outlives the server.
  [[nodiscard]] static base::result<std::unique_ptr<server>> listen(base::executor where,
                                                                    const server_options& settings,
                                                                    handler& target);
  virtual ~server() = default;

  virtual void start() = 0;
  /// Stops accepting and lets each connection finish the request it has (at most `grace`), then closes all.
  /// Ends when the last has ended: a handler is never interrupted, so one that does not end keeps this from
  /// ending. To be awaited before the server is destroyed, unless the io_context runs no more.
  [[nodiscard]] virtual base::task<> stop(std::chrono::milliseconds grace) = 0;
  [[nodiscard]] virtual const std::vector<std::string>& addresses()
      const noexcept = 0;  ///< as bound, with real ports
  [[nodiscard]] virtual server_counters counters() const noexcept = 0;
  /// New limits for requests that begin from now on; addresses and TLS files of `settings` are not looked at.
  virtual void set_limits(const server_options& settings) = 0;
  /// Another certificate for connections that begin from now on (see tls_settings.hpp), of a server that has
  /// one already.
  virtual void renew_tls(std::unique_ptr<boost::asio::ssl::context> renewed) = 0;
};

}  // namespace cartrelay::http
