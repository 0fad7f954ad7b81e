#pragma once

#include "base/error.hpp"

#include <openssl/x509.h>

#include <memory>
#include <string>

namespace cartrelay::http {

using authorities = std::shared_ptr<X509_STORE>;

/// Those that connections to vendors believe: the system's (where OpenSSL looks for them, SSL_CERT_FILE and
/// SSL_CERT_DIR included) and those of `ca_file` (PEM; empty: none). To read them takes 20 ms and a megabyte,
/// so whoever asks while the files (of a folder: its list) stay the same gets the same ones. Fails if ca_file
/// cannot be used. From any thread; what is returned is not to be changed.
[[nodiscard]] base::result<authorities> trusted_authorities(const std::string& ca_file);

}  // namespace cartrelay::http
