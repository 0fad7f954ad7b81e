#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "queue/engine.hpp"
#include "queue/options.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace cartrelay::daemon {

/// Waits so long, or until the daemon is told to stop: then true.
using interruptible_wait = std::function<bool(std::chrono::milliseconds)>;

/// Opens the queue. One whose disk is full is tried again until there is room: nothing of it is lost
/// meanwhile, and ending would only have the service manager give up on the restarts; it is asked to wait,
/// too. Null: told to stop before there was. A failure is logged, shown to the service manager, and its code
/// is what the system said where the folder may not be used.
[[nodiscard]] base::result<std::unique_ptr<queue::engine>> open_queue(const queue::options& settings,
                                                                      const base::clock& time,
                                                                      const interruptible_wait& wait);

/// Why this process may not keep a queue in `folder` (its rights, a read-only disk, a file in its place), or
/// no error. Looks, and changes nothing.
[[nodiscard]] boost::system::error_code forbidden(const std::string& folder);

}  // namespace cartrelay::daemon
