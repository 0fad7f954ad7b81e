#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "http/message.hpp"
#include "http/options.hpp"
#include "http/outcome.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace cartrelay::http {

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
/// if `safe_to_repeat`, or if no byte of it had left. What is not safe to repeat takes no connection that
/// rested for longer than the options trust.
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

}  // namespace cartrelay::http
