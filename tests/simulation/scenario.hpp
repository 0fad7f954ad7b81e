#pragma once

#include "base/random.hpp"
#include "destinations/options.hpp"

#include <chrono>
#include <cstddef>

namespace cartrelay::simulation {

/// One destination's circumstances, drawn from the seed.
struct scenario {
  destinations::options given;
  bool supersedes = false;
  bool remembers = false;      ///< keeps the last event of each cart in the destination's memory
  std::size_t requests = 1;    ///< of one delivery
  unsigned sick_keys = 0;      ///< so many order keys of a hundred are answered with 500 for a long time
  double refused_commits = 0;  ///< share of steps that the queue does not take
  std::chrono::milliseconds commit_time{1};

  [[nodiscard]] static scenario draw(base::random_source& random);
  /// Of a vendor that is well but for so many keys at the most: often more events than a batch holds.
  [[nodiscard]] static scenario draw_stumbling(base::random_source& random, unsigned most_sick);
};

/// True in so many cases of a hundred.
[[nodiscard]] inline bool chance(base::random_source& random, unsigned percent) {
  return random.below(100) < percent;
}
[[nodiscard]] inline std::chrono::milliseconds between(base::random_source& random,
                                                       std::chrono::milliseconds least,
                                                       std::chrono::milliseconds most) {
  const auto span = static_cast<std::uint64_t>((most - least).count()) + 1;
  return least + std::chrono::milliseconds(random.below(span));
}

}  // namespace cartrelay::simulation
