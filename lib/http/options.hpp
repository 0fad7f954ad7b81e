#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace cartrelay::http {

/// Limits and deadlines of a listener. Zero is special only where it says so.
struct server_options {
  std::vector<std::string> listen;  ///< `127.0.0.1:8470`, `[::1]:8470`, `unix:/path`; port 0 picks a free one
  std::size_t max_body = 1 << 20;   ///< bytes, after inflating gzip
  std::size_t max_header = 8 << 10;
  std::size_t max_fields = 100;
  /// Further ones wait in the kernel's queue, or take the place of one that has been idle for a second.
  std::size_t max_connections = 1024;
  std::size_t max_requests_per_connection = 1000;  ///< 0: no end
  /// Bytes of large bodies (over 64 KiB) that may be held at once, over all connections: of requests, and of
  /// answers that their clients have not read. Past it a large one is answered 503, and so is a GET whose
  /// answer would be large. Small ones always find room, and so does one that is alone.
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

/// Limits and deadlines of the connections to a vendor.
struct client_options {
  std::size_t max_connections = 8;
  std::chrono::milliseconds connect_timeout{5'000};   ///< resolving, connecting and TLS handshake, each
  std::chrono::milliseconds request_timeout{30'000};  ///< from the first byte sent to the last received
  std::size_t max_answer = 1 << 20;  ///< bytes of body; past it, or with a header of more than 64 KiB, the
                                     ///< answer is `answer_too_large` and the connection closed
  std::chrono::milliseconds idle_timeout{30'000};  ///< a pooled connection unused for so long is closed
  /// One unused for longer than this may be closed by the server as it is used again: it carries nothing that
  /// must not be repeated.
  std::chrono::milliseconds trusted_rest{1'000};
  std::string ca_file;  ///< a further trust anchor (PEM); verification cannot be switched off
  std::string proxy;    ///< `http://host:port` (CONNECT); empty: none. Proxy variables are never read

  friend bool operator==(const client_options&, const client_options&) = default;
};

}  // namespace cartrelay::http
