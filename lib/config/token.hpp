#pragma once

#include "base/secret.hpp"

#include <optional>
#include <string_view>

namespace cartrelay::config {

/// Why nobody could send this token in a header field, in words that do not repeat it; nothing if one can.
[[nodiscard]] std::optional<std::string_view> token_fault(const base::secret& token);

}  // namespace cartrelay::config
