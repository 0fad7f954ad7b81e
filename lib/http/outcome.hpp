#pragma once

#include "http/message.hpp"

#include <boost/system/result.hpp>

#include <string>

namespace cartrelay::http {

/// How far a failed request came. The order matters: from `sent` on the vendor may have acted on it.
enum class stage { resolve, connect, tls, sending, sent };

struct failure {
  stage reached = stage::connect;
  std::string detail;  ///< safe to log and to store: no secrets, no query

  /// The request was (perhaps partly) on the wire: the vendor may have acted.
  [[nodiscard]] bool in_doubt() const noexcept { return reached >= stage::sending; }
};

using outcome = boost::system::result<response, failure>;
[[noreturn]] void throw_exception_from_error(const failure& failed, const boost::source_location& where);

}  // namespace cartrelay::http
