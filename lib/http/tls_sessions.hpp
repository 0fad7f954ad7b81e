#pragma once

#include "http/url.hpp"

#include <boost/asio/ssl/context.hpp>
#include <openssl/ssl.h>

#include <map>
#include <memory>
#include <string>

namespace cartrelay::http {

/// What a TLS connection to a vendor is set up with: whom it must be, and the last session with them, so that
/// the next connection needs no full handshake (TLS 1.2 and 1.3). One session per origin is kept.
///
/// Outlives the connections that it prepared, and the context outlives it. One I/O thread.
class tls_sessions {
 public:
  explicit tls_sessions(boost::asio::ssl::context& settings);

  /// Server name indication, verification of the certificate's name (never its subject's common name) or IP
  /// address, and the session to resume. False: OpenSSL refuses the host's name.
  [[nodiscard]] bool prepare(SSL* connection, const endpoint& peer);
  /// A handshake failed: do not offer the same session again.
  void forget(const endpoint& peer);

 private:
  struct release {
    void operator()(SSL_SESSION* session) const noexcept { SSL_SESSION_free(session); }
  };
  using slot = std::unique_ptr<SSL_SESSION, release>;

  static int keep(SSL* connection, SSL_SESSION* session);

  std::map<std::string, slot> sessions_;  // by origin; slots stay where they are
};

/// Why the handshake failed, in OpenSSL's words: the certificate's fault if it has one.
[[nodiscard]] std::string describe_tls_failure(SSL* connection, const boost::system::error_code& failure);

}  // namespace cartrelay::http
