#pragma once

#include "base/secret.hpp"
#include "destinations/options.hpp"
#include "http/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::dispatch {

/// Takes a destination's secrets out of what is stored or shown: the values of its secret settings and what
/// credential headers carried, wherever and however they are written (dispatch/written.hpp), and the members
/// of JSON bodies that carry tokens. One thread at a time.
class masking {
 public:
  explicit masking(const destinations::options& given);

  /// Hides from now on also what the request's credential headers carry: tokens that were fetched, a user and
  /// a key in one. A vendor may quote them, and no kind has to say which they are.
  void learn(const http::request& sent);

  [[nodiscard]] std::string text(std::string_view words) const;
  /// The values of a JSON text, which stays one.
  [[nodiscard]] std::string json(std::string_view text) const;
  [[nodiscard]] http::request request(const http::request& what) const;
  /// `{"method","url","headers":{},"body"}`, the body cut where it is longer than `longest_body`.
  [[nodiscard]] std::string evidence(const http::request& what) const;

  static constexpr std::size_t longest_body = 64 << 10;

 private:
  [[nodiscard]] bool hides(std::string_view value) const;
  void hide(std::string_view value);

  std::vector<base::secret> hidden_;  // the longest first: what holds another one is not left half masked
};

/// `POST https://host/path`: what a receipt says of a request. Without query.
[[nodiscard]] std::string summary(const http::request& what);

}  // namespace cartrelay::dispatch
