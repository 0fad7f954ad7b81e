#pragma once

#include "base/time.hpp"

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cartrelay::http {

/// What the log says of clients with which no TLS comes about, and why: of the first at once, then of those
/// of a minute together with the one that follows it. Those who go without a word (a load balancer that looks
/// whether somebody listens) are passed over. One thread.
class failed_handshakes {
 public:
  /// The line that is due, if one is: `a TLS handshake with 192.0.2.7 failed: …`.
  [[nodiscard]] std::optional<std::string> note(std::string_view client, const boost::system::error_code& why,
                                                base::steady_time now);

 private:
  std::size_t untold_ = 0;
  base::steady_time quiet_until_{};
};

}  // namespace cartrelay::http
