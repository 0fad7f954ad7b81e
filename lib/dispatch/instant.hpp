#pragma once

#include "base/clock.hpp"
#include "base/time.hpp"

#include <algorithm>
#include <chrono>

namespace cartrelay::dispatch {

/// One moment on both clocks. Waits are counted on the steady one, so that nobody who sets the wall clock
/// makes a vendor wait or hurry; the wall clock gives the stamps that are stored and shown.
struct instant {
  base::timestamp wall;
  base::steady_time steady;
};

[[nodiscard]] inline instant moment_of(const base::clock& time) {
  return {time.now(), time.steady()};
}

/// When a stored wall time will have come, at most `longest` from now: a clock that jumped must not prolong
/// it.
[[nodiscard]] inline base::steady_time steady_of(base::timestamp wall, instant now,
                                                 std::chrono::microseconds longest) {
  return now.steady + std::clamp(wall - now.wall, std::chrono::microseconds(0), longest);
}
/// What to store and show for a steady time.
[[nodiscard]] inline base::timestamp wall_of(base::steady_time at, instant now) {
  return now.wall + std::chrono::ceil<std::chrono::microseconds>(at - now.steady);
}

}  // namespace cartrelay::dispatch
