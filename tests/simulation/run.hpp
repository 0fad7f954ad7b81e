#pragma once

#include <cstdint>
#include <string>

namespace cartrelay::simulation {

/// What happened, for the curious.
struct summary {
  std::size_t events = 0, crashes = 0, replays = 0, changes = 0;
  std::string words;
};

/// One seed: a shop, a vendor and a daemon that is killed, paused, reconfigured and asked to replay, until
/// the trouble is over; then everything has to have ended. Throws violation.
[[nodiscard]] summary run(std::uint64_t seed);

}  // namespace cartrelay::simulation
