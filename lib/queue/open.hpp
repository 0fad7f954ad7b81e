#pragma once

#include "base/clock.hpp"
#include "queue/engine.hpp"
#include "queue/options.hpp"

#include <memory>

namespace cartrelay::queue {

/// The engine that `settings.engine` names. Blocks while RocksDB recovers. The clock outlives the engine.
/// errc::locked (another process has it; the detail names it), incompatible, damaged (the detail says what to
/// do), disk_low where there is no room to open it, read_only where the operating system refuses.
[[nodiscard]] base::result<std::unique_ptr<engine>> open(const options& settings, const base::clock& time);

}  // namespace cartrelay::queue
