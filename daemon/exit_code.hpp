#pragma once

#include <boost/system/error_code.hpp>

namespace cartrelay::daemon {

/// How the program ends (sysexits(3) where it has a fitting one).
enum exit_code : int {
  exit_ok = 0,
  exit_failure = 1,   ///< a command could not do what it was asked
  exit_usage = 2,     ///< the command line itself is wrong
  exit_storage = 74,  ///< the storage failed; a restart helps
  exit_busy = 75,     ///< another instance holds the queue or an address
  exit_config = 78,   ///< the configuration, or the queue on disk, needs a person
};

/// How the daemon ends when this is why it could not start. Pure.
[[nodiscard]] int exit_code_of(const boost::system::error_code& code);

}  // namespace cartrelay::daemon
