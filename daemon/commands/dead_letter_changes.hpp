#pragma once

#include "daemon/client/daemon_client.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace cartrelay::daemon {

/// Which dead letters a command is about.
struct letter_choice {
  daemon_address where;
  std::vector<std::string> ids;
  std::string destination, reason, before;
};

/// The conditions of a query, behind its first parameter: `&destination=…&reason=…&before=…`, without those
/// that are empty.
[[nodiscard]] std::string conditions_of(const letter_choice& which);

/// `replay` and `discard`, as subcommands of `parent`. See commands.hpp.
void add_replay(CLI::App& parent, int& outcome);
void add_discard(CLI::App& parent, int& outcome);

}  // namespace cartrelay::daemon
