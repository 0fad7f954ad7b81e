#pragma once

#include "base/error.hpp"
#include "base/time.hpp"
#include "dispatch/suspension.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cartrelay::dispatch {

/// What of a destination's state survives a restart, beside its position: stored by the queue as an opaque
/// text, a small JSON object with a version of its own.
struct control {
  struct pause {
    base::timestamp until;
    std::string reason;
    std::string address;                   ///< who asked for it (address_mark); empty: not known
    std::optional<base::timestamp> since;  ///< when this was written down; absent: not known
  };

  std::string kind;  ///< of vendor; empty: not known
  bool paused = false;
  std::optional<pause> held;
  std::optional<suspension::record> suspended;
};

[[nodiscard]] std::string to_text(const control& what);
/// Empty text: nothing was ever stored. Fails on what this program cannot read.
[[nodiscard]] base::result<control> parse_control(std::string_view text);

}  // namespace cartrelay::dispatch
