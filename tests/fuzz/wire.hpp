#pragma once

#include "http/server.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A session of the listener without a socket: its bytes come from a text, its answers go into one.
namespace cartrelay::fuzz {

/// A request as the handler got it.
struct seen {
  http::request what;
  bool early = false;  ///< answered by screen(), before its body was read: a target under /screened
};

/// What came of a connection on which `wire` was sent and then closed.
struct played {
  std::vector<seen> requests;
  std::size_t refused = 0;  ///< by the protocol layer
  std::string output;
};

/// Small, so that the fuzzer meets them.
[[nodiscard]] const http::server_options& fuzzed_limits();

inline constexpr unsigned whole_reads = 256;
/// `reads` decides how the bytes are cut, `whole_reads` for as large as asked for; `writes` how much of an
/// answer goes out at once, 0 for all.
[[nodiscard]] played play(std::string_view wire, unsigned reads, unsigned writes);

/// The statuses of the answers in `output`, interim ones left out; nothing if it is not a row of whole
/// answers.
[[nodiscard]] std::optional<std::vector<int>> final_statuses(std::string_view output);

}  // namespace cartrelay::fuzz
