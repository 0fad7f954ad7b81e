#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace cartrelay::sandbox {

struct options {
  std::uint16_t port = 8443;  ///< on 127.0.0.1; 0 picks a free one
  std::string ca_out;         ///< where the authority's certificate (PEM) goes; empty: nowhere
  std::string log;            ///< NDJSON, a line per request, appended; empty: none
  /// The credential that each vendor accepts (`"releva"` → …); not named: any that is not empty.
  std::map<std::string, std::string, std::less<>> secrets;
  std::chrono::milliseconds latency{0};  ///< of every vendor, at first
  std::size_t kept_requests = 10'000;    ///< requests that can be read back, the newest
  std::size_t kept_bytes = 64 << 20;     ///< of them, at most
  std::size_t remembered = 100'000;      ///< carts, orders, … per account and kind
  std::size_t max_body = 16 << 20;       ///< bytes of a request
  std::uint64_t seed = 0;                ///< of the dice behind a fault's probability; 0: from the system
};

}  // namespace cartrelay::sandbox
