#pragma once

#include "base/error.hpp"

#include <string>

namespace cartrelay::http {

enum class errc {
  bad_url = 1,      ///< not a URL that a client may talk to
  bad_address,      ///< not an address that a server may listen on
  address_in_use,   ///< somebody else listens there
  bad_certificate,  ///< a certificate or trust anchor cannot be used
  bad_key,          ///< a private key cannot be used, or belongs to another certificate
  endless_records,  ///< a peer sends TLS records without data and without end
};

[[nodiscard]] const boost::system::error_category& http_category() noexcept;
[[nodiscard]] inline boost::system::error_code make_error_code(errc value) noexcept {
  return {static_cast<int>(value), http_category()};
}
[[nodiscard]] inline base::error fail(errc value, std::string detail = {}) {
  return {make_error_code(value), std::move(detail)};
}

}  // namespace cartrelay::http

template <>
struct boost::system::is_error_code_enum<cartrelay::http::errc> : std::true_type {};
