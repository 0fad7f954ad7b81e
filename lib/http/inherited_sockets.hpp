#pragma once

#include "base/error.hpp"
#include "http/listening_socket.hpp"

#include <list>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cartrelay::http {

/// Listening sockets that the process was started with (systemd's socket activation): clients that come while
/// it is not there yet wait in them. A server takes those of its addresses; what is left is closed at the
/// end.
class inherited_sockets {
 public:
  inherited_sockets() = default;
  /// Owns the descriptors from here on. Fails where one is no listening stream socket.
  [[nodiscard]] static base::result<inherited_sockets> adopt(std::span<const int> descriptors);

  /// The one that is bound to this address (as in server_options::listen).
  [[nodiscard]] std::optional<listening_socket> take(const std::string& address);
  /// Addresses of those that nobody took.
  [[nodiscard]] std::vector<std::string> left() const;

 private:
  std::list<listening_socket> sockets_;
};

}  // namespace cartrelay::http
