#pragma once

#include <string>
#include <string_view>

namespace cartrelay::base {

/// One line that no terminal and no reader of lines mistakes for more: control characters, and all that is
/// not ASCII in a text that is not UTF-8, as \xNN. Pure.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace cartrelay::base
