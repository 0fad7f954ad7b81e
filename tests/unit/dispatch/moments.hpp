#pragma once

#include "dispatch/instant.hpp"

#include <chrono>

namespace cartrelay::dispatch {

using namespace std::chrono_literals;

/// A moment so long after the test began.
inline instant at(std::chrono::microseconds since_start) {
  return {base::timestamp(std::chrono::hours(24 * 365 * 50)) + since_start,
          base::steady_time(std::chrono::hours(1)) + since_start};
}

}  // namespace cartrelay::dispatch
