#pragma once

#include <string>
#include <string_view>

namespace cartrelay::fuzz {

/// As gzip: one member, or several in a row; `how` decides how many and how densely packed.
[[nodiscard]] std::string zipped(std::string_view plain, unsigned how);

}  // namespace cartrelay::fuzz
