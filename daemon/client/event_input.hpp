#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Events as a person gives them to a command, and what becomes of them on the way to the daemon.
namespace cartrelay::daemon {

/// The text of a file, `-` for the standard input. A failure if it cannot be read or if nothing stands in it.
[[nodiscard]] base::result<std::string> read_event_input(const std::string& file);

/// The body of one request, and the media type that says how it holds its events.
struct portion {
  std::string body;
  std::string_view media_type;
  std::vector<std::size_t> lines = {};  ///< of NDJSON, of each event, from 1; none: one JSON document

  friend bool operator==(const portion&, const portion&) = default;
};

/// What a daemon takes in one request unless it is configured otherwise (`max_body` of `[ingest]`).
inline constexpr std::size_t usual_max_body = 1 << 20;

/// One JSON document goes as it is; lines of JSON go in portions of at most `batch` lines and `bytes` (a line
/// that is longer goes alone), each of them stored whole or not at all. Blank lines are left out. Pure.
[[nodiscard]] std::vector<portion> split_events(std::string text, std::size_t batch,
                                                std::size_t bytes = usual_max_body);

/// What is known of a portion that was not answered with success, and of those behind it. `refused`: nothing
/// of it was stored. Pure.
[[nodiscard]] std::string fate_of(const portion& failed, bool refused);

}  // namespace cartrelay::daemon
