#pragma once

#include <atomic>
#include <cstdint>
#include <limits>

namespace cartrelay::queue::rocks {

/// What RocksDB's own threads may drop while compacting: these threads read no clock and no books. Each says
/// only what is durable already.
struct horizons {
  /// Microseconds; trim() moves them.
  std::atomic<std::int64_t> identities_before{std::numeric_limits<std::int64_t>::min()};
  std::atomic<std::int64_t> now{std::numeric_limits<std::int64_t>::min()};
  /// Events before it were trimmed. Moved with what the figures say.
  std::atomic<std::uint64_t> first{0};
  /// Events before it stand neither in the log nor in a copy, and never will again. trim() moves it.
  std::atomic<std::uint64_t> kept_from{0};
  /// The index's notes before it are in pages. Moved by term_index.
  std::atomic<std::uint64_t> paged{0};
};

}  // namespace cartrelay::queue::rocks
