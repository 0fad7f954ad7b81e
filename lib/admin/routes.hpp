#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cartrelay::admin {

enum class resource {
  livez,
  readyz,
  status,
  metrics,
  asset,  ///< of the dashboard; the argument is its path
  events,
  event,  ///< the argument is a sequence
  dead_letters,
  dead_letter,  ///< the argument is an id
  replay,
  discard,
  pause,  ///< the argument is a destination's name
  resume,
  preview,
  customers
};

/// What may be done with a resource.
enum class verb { read, post, erase };

/// Who may have a resource.
enum class exposure {
  anybody,  ///< who can connect: nothing in it but the program itself
  figures,  ///< without personal data: this machine without a token, others with one
  guarded   ///< event contents and changes: a token or a Unix socket
};

struct route {
  resource what;
  exposure shown;
  verb does = verb::read;
  std::string argument = {};  ///< decoded

  /// The methods, as `Allow` names them.
  [[nodiscard]] std::string_view allow() const noexcept;
  [[nodiscard]] bool takes(std::string_view method) const noexcept;
};

/// Nothing: no such path. Paths are compared as they are written: no dots, doubled slashes or trailing ones
/// are tidied away. Pure.
[[nodiscard]] std::optional<route> find_route(std::string_view path);

}  // namespace cartrelay::admin
