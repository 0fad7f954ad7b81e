#pragma once

#include "base/secret.hpp"
#include "config/fault.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::config {

/// What a client has to know of a listener: where it is, and what opens it.
struct client_view {
  std::vector<std::string> listen;  ///< one address at least; each can be one
  bool tls = false;
  base::secret token;                    ///< the first that can be read; empty: none
  std::vector<fault> unreadable_tokens;  ///< no failure: not every call needs one
};

/// Reads that much of the section `ingest` or `admin`, and no secret but its tokens: the vendors' are the
/// service's own, and a client may run as somebody who must not read them.
[[nodiscard]] boost::system::result<client_view, std::vector<fault>> load_client_view(
    const std::string& path, std::string_view section);

}  // namespace cartrelay::config
