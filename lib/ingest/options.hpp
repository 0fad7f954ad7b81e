#pragma once

#include "base/secret.hpp"
#include "event/parse.hpp"
#include "http/options.hpp"

#include <vector>

namespace cartrelay::ingest {

struct options {
  http::server_options server;       ///< max_body and the deadlines stand here
  std::vector<base::secret> tokens;  ///< empty: loopback and Unix sockets only
  bool allow_plaintext = false;      ///< a TCP address that is not loopback without TLS
  std::size_t max_events_per_request = 1000;
  event::options events;

  friend bool operator==(const options&, const options&) = default;
};

}  // namespace cartrelay::ingest
