#pragma once

#include <string>
#include <string_view>

namespace cartrelay::base {

/// RFC 4648 with padding.
[[nodiscard]] std::string base64_encode(std::string_view data);

}  // namespace cartrelay::base
