#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <limits>
#include <string_view>

namespace cartrelay::queue::rocks {

/// The column families, in the order of their handles.
enum class family : std::size_t {
  meta,
  log,
  routes,
  dedup,
  ends,
  exceptions,
  dead_letters,
  copies,
  index,
  state
};
inline constexpr std::array<std::string_view, 10> family_names{
    "default", "log", "routes", "dedup", "ends", "exceptions", "dead_letters", "copies", "index", "state"};

/// What RocksDB's own threads may drop while compacting. Moved forward by trim(), so that these threads read
/// no clock.
struct horizons {
  std::atomic<std::int64_t> identities_before{std::numeric_limits<std::int64_t>::min()};  ///< microseconds
  std::atomic<std::int64_t> now{std::numeric_limits<std::int64_t>::min()};                ///< microseconds
  std::atomic<std::uint64_t> first{0};  ///< sequence: events before it were trimmed
  std::atomic<std::uint64_t> paged{0};  ///< sequence: the index's notes before it are in pages
};

}  // namespace cartrelay::queue::rocks
