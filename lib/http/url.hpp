#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace cartrelay::http {

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
