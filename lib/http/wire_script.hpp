#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace cartrelay::http {

/// Bytes for the connection in place of a well-formed answer, and how it ends: what a server that plays a
/// sick peer answers with. The session writes the steps as they stand (inside TLS) and then gives the
/// connection up.
struct wire_script {
  struct step {
    std::chrono::milliseconds pause{0};  ///< before the bytes
    std::string bytes;
  };
  enum class ending {
    close,  ///< FIN, without a TLS close_notify
    reset,  ///< RST: the peer may lose what it had not read yet
    hold    ///< nothing more: open until the peer closes or the server stops
  };

  std::vector<step> steps;
  ending last = ending::close;
};

}  // namespace cartrelay::http
