#pragma once

#include "bench/load/driver.hpp"

#include <string>

namespace cartrelay::bench {

/// What the disk takes for the least that makes 1 KB durable: append it to a file, fdatasync, again, for
/// `duration`. The file is made at `path` and removed. Throws std::system_error.
[[nodiscard]] load_result append_and_sync(const std::string& path, std::chrono::nanoseconds duration);

}  // namespace cartrelay::bench
