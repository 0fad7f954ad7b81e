#pragma once

#include "http/message.hpp"

#include <string_view>

namespace cartrelay::http {

/// Fills method, target and headers of `into` from a whole head that check_head() found complete. False if
/// the library's parser, which is asked too, finds it malformed.
[[nodiscard]] bool read_request_head(std::string_view head, request& into);

}  // namespace cartrelay::http
