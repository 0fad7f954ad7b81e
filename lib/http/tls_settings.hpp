#pragma once

#include "base/error.hpp"
#include "http/options.hpp"

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <optional>
#include <string>

namespace cartrelay::http {

/// TLS 1.2 or newer with the certificate of `settings`, from files or memory. Null: none is configured. Fails
/// if it cannot be read or the key does not belong to it.
[[nodiscard]] base::result<std::unique_ptr<boost::asio::ssl::context>> make_server_tls(
    const server_options& settings);

/// Why no client takes the certificate of such a context now. Nothing: it is in its time.
[[nodiscard]] std::optional<std::string> out_of_its_time(boost::asio::ssl::context& server);

/// TLS 1.2 or newer; certificates are verified against the system's authorities and `settings.ca_file`. The
/// host's name is checked per connection (see tls_sessions.hpp).
[[nodiscard]] base::result<std::unique_ptr<boost::asio::ssl::context>> make_client_tls(
    const client_options& settings);

}  // namespace cartrelay::http
