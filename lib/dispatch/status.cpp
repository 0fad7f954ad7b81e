#include "dispatch/status.hpp"

namespace cartrelay::dispatch {

std::string_view to_string(destination_state state) noexcept {
  switch (state) {
    case destination_state::active:
      return "active";
    case destination_state::backing_off:
      return "backing_off";
    case destination_state::suspended:
      return "suspended";
    case destination_state::paused:
      return "paused";
  }
  return "unknown";
}

}  // namespace cartrelay::dispatch
