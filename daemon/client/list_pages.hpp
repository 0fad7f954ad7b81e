#pragma once

#include "daemon/client/daemon_client.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace cartrelay::daemon {

/// Which list of the daemon's, and how much of it.
struct list_request {
  std::string member;      ///< of the answer: `events`
  std::string path;        ///< `/v1/events`
  std::string conditions;  ///< `&state=retrying`, or nothing
  std::size_t limit = 50;
  std::string cursor;
};

/// The list as one page, each entry as it was sent. A page of the daemon's may be short though more follows:
/// further ones are asked for, until there are `limit` entries, 4 MiB of them, or no more. Fails or answers
/// as daemon_client::get() does, and if it is not a daemon of ours that answers.
[[nodiscard]] base::result<daemon_client::answer> get_list(const daemon_client& daemon, list_request asked);

/// Puts the entries of `page` behind those of `whole`, and its cursor in the place of the other. False: the
/// two do not have the form of {"events":[…],"next_cursor":…}. Pure.
[[nodiscard]] bool append_page(std::string& whole, std::string_view page);

}  // namespace cartrelay::daemon
