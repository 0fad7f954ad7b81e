#pragma once

#include "base/random.hpp"
#include "base/time.hpp"
#include "destinations/options.hpp"

#include <cstdint>

/// How long to wait after failures. Pure but for the seeded source of jitter.
namespace cartrelay::dispatch {

/// `initial` doubled for every failure after the first, at most `max`. 0 for no failure.
[[nodiscard]] std::chrono::milliseconds backoff_ceiling(const destinations::retry_options& rules,
                                                        std::uint32_t failures);
/// Exponential with full jitter, anywhere between nothing and the ceiling, as `fraction` (of 0 to 1) says:
/// what failed in one request comes back together, and what failed in several does not. For events.
[[nodiscard]] base::duration full_jitter(const destinations::retry_options& rules, std::uint32_t failures,
                                         double fraction);
/// Between half the ceiling and the ceiling: for waits of a whole destination, which have to be waits.
[[nodiscard]] base::duration half_jitter(const destinations::retry_options& rules, std::uint32_t failures,
                                         base::random_source& random);

}  // namespace cartrelay::dispatch
