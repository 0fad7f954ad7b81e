#include "http/inherited_sockets.hpp"

#include <algorithm>
#include <utility>

namespace cartrelay::http {

base::result<inherited_sockets> inherited_sockets::adopt(std::span<const int> descriptors) {
  inherited_sockets made;
  std::optional<base::error> refused;
  for (const int descriptor : descriptors) {
    auto socket = listening_socket::adopt(descriptor);
    if (socket)
      made.sockets_.push_back(std::move(*socket));
    else if (!refused)
      refused = socket.error();
  }
  if (refused) return *refused;
  return made;
}

std::optional<listening_socket> inherited_sockets::take(const std::string& address) {
  const auto found =
      std::ranges::find(sockets_, listening_socket::name_of(address), &listening_socket::address);
  if (found == sockets_.end()) return std::nullopt;
  std::optional<listening_socket> taken(std::move(*found));
  sockets_.erase(found);
  return taken;
}

std::vector<std::string> inherited_sockets::left() const {
  std::vector<std::string> out;
  for (const auto& each : sockets_)
    out.push_back(each.address());
  return out;
}

}  // namespace cartrelay::http
