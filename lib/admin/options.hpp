#pragma once

#include "base/secret.hpp"
#include "http/options.hpp"

#include <vector>

namespace cartrelay::admin {

struct options {
  http::server_options server;
  std::vector<base::secret> tokens;  ///< empty: reads without personal data only, but for Unix sockets
  bool allow_plaintext = false;      ///< a TCP address that is not loopback without TLS

  friend bool operator==(const options&, const options&) = default;
};

}  // namespace cartrelay::admin
