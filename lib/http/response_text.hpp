#pragma once

#include "http/message.hpp"

#include <string>
#include <string_view>

namespace cartrelay::http {

/// How an answer is put on the wire.
struct answer_framing {
  bool keep_alive = true;      ///< otherwise `Connection: close`
  bool version_1_0 = false;    ///< a client of HTTP/1.0 is told that the connection stays
  bool without_body = false;   ///< an answer to HEAD: the length stands, the body does not follow
  std::string_view date = {};  ///< empty: the answer has none
};

/// Appends the answer's bytes to `out`. Framing fields are written here and left out of `answer.headers`.
/// False if a field of the answer could not stand on the wire (a line break in a value): nothing was
/// appended.
[[nodiscard]] bool append_response(std::string& out, const response& answer, const answer_framing& framing);

inline constexpr std::string_view continue_response = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace cartrelay::http
