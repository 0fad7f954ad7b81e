#pragma once

#include "base/secret.hpp"
#include "destinations/options.hpp"
#include "http/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::dispatch {

/// Takes a destination's secrets out of what is stored or shown: the values of its secret settings wherever
/// they stand (as they are, and as JSON or a URL writes them), what credential headers say, and the members
/// of JSON bodies that carry tokens. Immutable; one thread at a time.
class masking {
 public:
  explicit masking(const destinations::options& given);

  [[nodiscard]] std::string text(std::string_view words) const;
  [[nodiscard]] http::request request(const http::request& what) const;
  /// `{"method","url","headers":{},"body"}`, the body cut where it is longer than `longest_body`.
  [[nodiscard]] std::string evidence(const http::request& what) const;

  static constexpr std::size_t longest_body = 64 << 10;

 private:
  std::vector<base::secret> hidden_;
};

/// `POST https://host/path`: what a receipt says of a request. Without query.
[[nodiscard]] std::string summary(const http::request& what);

}  // namespace cartrelay::dispatch
