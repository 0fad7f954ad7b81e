#pragma once

#include "base/clock.hpp"
#include "queue/engine.hpp"
#include "queue/options.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace cartrelay::queue::rocks {

/// Where tests put faults in; empty members mean the real thing.
struct surroundings {
  rocksdb::Env* env = nullptr;
  std::function<std::optional<std::uint64_t>()> free_disk;  ///< bytes; absent: could not be measured
};

/// Opens the folder of `settings` (and makes it where nothing is). The clock outlives the engine. Blocks for
/// the recovery. errc::locked, incompatible, damaged, disk_low, read_only.
[[nodiscard]] base::result<std::unique_ptr<engine>> open(const options& settings, const base::clock& time,
                                                         surroundings around = {});

}  // namespace cartrelay::queue::rocks
