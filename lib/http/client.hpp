#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/task.hpp"
#include "http/message.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace cartrelay::http {

struct client_options {
  std::size_t max_connections = 8;
  std::chrono::milliseconds connect_timeout{5'000};   ///< resolving, connecting and TLS handshake, each
  std::chrono::milliseconds request_timeout{30'000};  ///< from the first byte sent to the last received
  std::size_t max_answer = 1 << 20;  ///< bytes of body; past it, or with a header of more than 64 KiB, the
                                     ///< answer is `answer_too_large` and the connection closed
  std::chrono::milliseconds idle_timeout{30'000};  ///< a pooled connection unused for so long is closed
  std::string ca_file;  ///< a further trust anchor (PEM); verification cannot be switched off
  std::string proxy;    ///< `http://host:port` (CONNECT); empty: none. Proxy variables are never read

  friend bool operator==(const client_options&, const client_options&) = default;
};

/// How far a failed request came. The order matters: from `sent` on the vendor may have acted on it.
enum class stage { resolve, connect, tls, sending, sent };

struct failure {
  stage reached = stage::connect;
  std::string detail;  ///< safe to log and to store: no secrets, no query

  /// The request was (perhaps partly) on the wire: the vendor may have acted.
  [[nodiscard]] bool in_doubt() const noexcept { return reached >= stage::sending; }
};

using outcome = boost::system::result<response, failure>;
[[noreturn]] void throw_exception_from_error(const failure& failed, const boost::source_location& where);

struct client_counters {
  std::uint64_t connections_opened = 0;
  std::uint64_t connections_open = 0;
  std::uint64_t connections_reused = 0;
  std::uint64_t tls_sessions_resumed = 0;
};

/// Connections to vendors: HTTPS (TLS 1.2+, certificate and host name always verified, SNI, session
/// resumption) and, for loopback hosts only, plain HTTP. Keep-alive pool per origin; all addresses of a name
/// are tried; 1xx answers are skipped; leftover bytes close the connection; redirects are not followed. A
/// request that failed on a reused connection before any byte of an answer is sent once more on a fresh one
/// if `safe_to_repeat`.
///
/// Thread rules: everything on its one I/O thread; name look-ups run on a thread of the client's own, so a
/// slow resolver holds up nobody else.
class client {
 public:
  /// Fails if ca_file or proxy cannot be used.
  [[nodiscard]] static base::result<std::unique_ptr<client>> create(base::executor where,
                                                                    const client_options& settings);
  virtual ~client() = default;

  /// `what` lives until the end; its target is a whole URL. Deadlines as in the options. Header values are
  /// checked: a bad one is a failure at stage::connect.
  [[nodiscard]] virtual base::task<outcome> send(const request& what, bool safe_to_repeat) = 0;
  /// Resolves, connects and does the handshake, sends nothing: for `check --probe`. The detail says which
  /// address and TLS version.
  [[nodiscard]] virtual base::task<boost::system::result<std::string, failure>> probe(std::string url) = 0;
  /// Cancels what is in flight (each send ends with a failure at the stage it reached) and ends when nothing
  /// runs.
  [[nodiscard]] virtual base::task<> stop() = 0;
  [[nodiscard]] virtual client_counters counters() const noexcept = 0;
};

/// The parts of a URL that a vendor's base `url` may have: https, or http for loopback; host; port; path
/// without query or fragment.
struct endpoint {
  bool tls = true;
  std::string host;  ///< without brackets
  std::string port;
  std::string path;  ///< starts with `/`; may hold a query on request URLs

  [[nodiscard]] std::string origin() const;  ///< `https://host:port`
};
[[nodiscard]] base::result<endpoint> parse_url(std::string_view url);
/// The path of such a URL, with or without a query, as it stands in a request's first line (RFC 9112, 3.2.1).
[[nodiscard]] bool is_origin_form(std::string_view text) noexcept;
/// `http://host:port` and nothing more; any host.
[[nodiscard]] base::result<endpoint> parse_proxy(std::string_view text);

}  // namespace cartrelay::http
