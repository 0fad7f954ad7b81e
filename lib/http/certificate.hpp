#pragma once

#include "base/time.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::http {

/// A certificate and its private key, both PEM.
struct key_pair_pem {
  std::string certificate;
  std::string key;
};

/// Who a server certificate is for, and from when to when.
struct certificate_subject {
  std::vector<std::string> dns_names;
  std::vector<std::string> ip_addresses;
  base::timestamp not_before;
  base::timestamp not_after;
};

/// A self-signed authority (P-256, ten years from yesterday): for the sandbox and for tests, never for
/// production. Throws std::runtime_error if OpenSSL cannot.
[[nodiscard]] key_pair_pem make_authority(std::string_view name);
/// A server certificate signed by it. The certificate's own name is the first DNS name or address. Throws as
/// above.
[[nodiscard]] key_pair_pem make_server_certificate(const key_pair_pem& authority,
                                                   const certificate_subject& subject);

}  // namespace cartrelay::http
