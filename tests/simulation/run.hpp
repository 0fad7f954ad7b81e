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
///
/// With `sick_keys` the vendor is well, but answers for so many of a hundred keys at the most with 500, and
/// the others are not to suffer by it.
[[nodiscard]] summary run(std::uint64_t seed, unsigned sick_keys = 0);

}  // namespace cartrelay::simulation
