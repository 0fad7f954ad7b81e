#pragma once

#include "http/message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cartrelay::fuzz {

/// A request as RFC 9112 frames it, read the plain way: for requests that the code under test accepted, whose
/// form is therefore as strict as can be. Shares nothing with that code.
struct framed {
  std::string_view head;  ///< without the empty line
  std::string body;       ///< chunks joined; as sent, so still packed if it was
};

/// Takes one off the front of `wire`, with the framing that `fields` announce. Nothing if the wire holds no
/// whole one.
[[nodiscard]] std::optional<framed> take_framed(std::string_view& wire, const http::fields& fields);

}  // namespace cartrelay::fuzz
