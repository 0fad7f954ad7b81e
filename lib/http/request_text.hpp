#pragma once

#include "base/error.hpp"
#include "http/message.hpp"
#include "http/url.hpp"

#include <string>
#include <string_view>

namespace cartrelay::http {

/// A request as it goes over the wire; `host` and `path` (with the query) are what its URL says, and a path
/// that it leaves out is `/`. Fails (with words that hold no value of the request) if the method or a header
/// field cannot be sent: a line break in a value would become another field or another request. Framing
/// fields, `Host` and `Connection` are written here and must not be among the request's own.
[[nodiscard]] base::result<std::string> write_request(const request& what, std::string_view host,
                                                      std::string_view path);

/// What the field `Host` says: the port is left out if it is the scheme's own.
[[nodiscard]] std::string host_field(const endpoint& where);

}  // namespace cartrelay::http
