#pragma once

#include <string_view>

namespace cartrelay::fuzz {

/// Ends the process, with the promise and what was found instead: that is how a fuzzer learns of it.
[[noreturn]] void report_and_abort(std::string_view promise, std::string_view found) noexcept;

inline void require(bool holds, std::string_view promise, std::string_view found = {}) {
  if (!holds) report_and_abort(promise, found);
}

/// Whether it is one JSON text, by a parser that is not ours.
[[nodiscard]] bool is_json(std::string_view text);

}  // namespace cartrelay::fuzz
