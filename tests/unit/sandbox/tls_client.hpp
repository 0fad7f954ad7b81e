#pragma once

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <string>

namespace cartrelay::sandbox {

/// What came back until the connection ended, and how it ended.
struct raw_answer {
  std::string text;
  boost::system::error_code end;  ///< none: the peer said goodbye properly

  [[nodiscard]] int status() const;        ///< 0: the text is no answer
  [[nodiscard]] std::string body() const;  ///< what follows the header
};

/// One request over a TLS connection of its own to 127.0.0.1, verified against `authority` (PEM). Blocks
/// until the server ends the connection.
[[nodiscard]] raw_answer exchange(std::uint16_t port, const std::string& authority,
                                  const std::string& request);

/// `POST /x HTTP/1.1` with a JSON body, `fields` being further header lines, that asks for the connection's
/// end.
[[nodiscard]] std::string request_text(const std::string& method, const std::string& target,
                                       const std::string& body = {}, const std::string& fields = {});

}  // namespace cartrelay::sandbox
