#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace cartrelay::base {

/// `1 duplicate`, `2 duplicates`.
inline std::string counted(std::size_t count, std::string_view one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

}  // namespace cartrelay::base
