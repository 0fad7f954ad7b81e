#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace cartrelay::http {

/// Where a listener listens: `127.0.0.1:8470`, `[::1]:8470` or `unix:/path`. Names are not resolved: what is
/// bound should be plain to see.
struct listen_address {
  std::string path;        ///< of a Unix socket; empty: TCP
  std::string host;        ///< an IP address without brackets
  std::uint16_t port = 0;  ///< 0: any free one
  bool loopback = false;

  [[nodiscard]] bool is_unix() const noexcept { return !path.empty(); }
};

/// `localhost` stands for 127.0.0.1. Fails with words that say what was expected.
[[nodiscard]] base::result<listen_address> parse_listen_address(std::string_view text);

/// A host as it stands before a port: an IPv6 address in brackets (RFC 3986, 3.2.2).
[[nodiscard]] std::string bracketed(std::string_view host);
/// An IP address and no name; without brackets and zone.
[[nodiscard]] bool is_address(std::string_view host);

/// Only one of the two can be listened on: the same socket, or the same port of the same host or of all
/// hosts. A port 0 is in nobody's way.
[[nodiscard]] bool exclude_each_other(const listen_address& a, const listen_address& b);

}  // namespace cartrelay::http
