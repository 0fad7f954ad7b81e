#pragma once

#include "base/error.hpp"
#include "queue/types.hpp"

#include <optional>
#include <string>

namespace cartrelay::queue::rocks {

/// What a store is known to hold, told outside the database: a database that lost its newest log opens
/// without complaint.
struct marker {
  std::string store;  ///< its id, in hex
  sequence last = 0;  ///< durable when this was written

  friend bool operator==(const marker&, const marker&) = default;
};

/// Absent: there is none. errc::damaged: there is one, and it makes no sense.
[[nodiscard]] base::result<std::optional<marker>> read_marker(const std::string& folder);
/// Replaces the file atomically and syncs it and its folder.
[[nodiscard]] base::result<void> write_marker(const std::string& folder, const marker& value);

}  // namespace cartrelay::queue::rocks
