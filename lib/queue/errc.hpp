#pragma once

#include "base/error.hpp"

#include <string>

namespace cartrelay::queue {

enum class errc {
  full = 1,   ///< max_size reached
  busy,       ///< too much waits to be written; in a moment it does not
  disk_low,   ///< less than min_free_disk left
  read_only,  ///< the storage failed and is being closed
  stopped,
  unknown,  ///< the write failed at its sync: perhaps stored
  corrupt,  ///< a stored record does not match its checksum
  not_found,
  stale_lease,
  locked,        ///< another process holds the queue; the detail names it
  incompatible,  ///< a store version or setting that this program cannot open
  damaged,       ///< the store needs a person (--accept-data-loss)
  too_large,     ///< an event larger than the engine takes
};

[[nodiscard]] const boost::system::error_category& queue_category() noexcept;
[[nodiscard]] inline boost::system::error_code make_error_code(errc value) noexcept {
  return {static_cast<int>(value), queue_category()};
}
/// Of full, disk_low, read_only and stopped, as queue_stats::reason has it.
[[nodiscard]] const char* reason_of(errc refusal) noexcept;
[[nodiscard]] inline base::error fail(errc value, std::string detail = {}) {
  return {make_error_code(value), std::move(detail)};
}

}  // namespace cartrelay::queue

template <>
struct boost::system::is_error_code_enum<cartrelay::queue::errc> : std::true_type {};
