#pragma once

#include "base/digest.hpp"
#include "base/secret.hpp"
#include "http/message.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace cartrelay::http {

/// The bearer tokens that open a listener; several may be valid at once, for rotation. Digests are compared,
/// in constant time, and every token is compared every time. Immutable; any thread.
class bearer_tokens {
 public:
  bearer_tokens() = default;
  explicit bearer_tokens(const std::vector<base::secret>& valid);

  /// No token is configured.
  [[nodiscard]] bool empty() const noexcept { return digests_.empty(); }
  /// The request carries `Authorization: Bearer` with one of them (the scheme in any case). False if none is
  /// configured.
  [[nodiscard]] bool admit(const request& head) const;

 private:
  std::vector<base::sha256_digest> digests_;
};

/// 401 with `WWW-Authenticate: Bearer`; the same answer for a missing and a wrong token, one with a `reason`
/// where there can be no right one.
inline constexpr std::string_view no_token_configured = "no_token_configured";
[[nodiscard]] response unauthorized(const bearer_tokens& valid);
/// What the 404 says of a path that a listener does not have.
inline constexpr std::string_view nothing_is_here = "nothing is here";
/// 405 with `Allow`.
[[nodiscard]] response method_not_allowed(std::string_view allowed);
[[nodiscard]] response not_found();

/// A page in a browser can be made to send requests to a name that resolves to this machine (DNS rebinding),
/// but not to an address: without tokens, `Host` has to be an IP address or `localhost`. Nothing, or a 421.
[[nodiscard]] std::optional<response> refuse_rebound_host(const request& head);

}  // namespace cartrelay::http
