#pragma once

#include "admin/options.hpp"
#include "base/log.hpp"
#include "config/fault.hpp"
#include "destinations/options.hpp"
#include "ingest/options.hpp"
#include "queue/options.hpp"

#include <chrono>
#include <vector>

namespace cartrelay::config {

/// Everything that the configuration file says, with the defaults filled in and the secrets read.
struct configuration {
  ingest::options ingest;
  admin::options admin;
  queue::options queue;
  base::log::options log;
  std::chrono::milliseconds shutdown_drain{10'000};
  std::vector<destinations::options> destinations;
  /// What keeps nobody from serving with it, and still should be mended.
  std::vector<fault> warnings;

  friend bool operator==(const configuration&, const configuration&) = default;
};

/// As if the file were empty.
[[nodiscard]] configuration defaults();

}  // namespace cartrelay::config
