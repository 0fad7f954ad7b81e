#pragma once

#include "base/secret.hpp"
#include "base/time.hpp"
#include "http/message.hpp"

#include <optional>
#include <string>

namespace cartrelay::destinations::reloadify {

/// An OAuth2 client (RFC 6749, 4.4: client credentials). The vendor takes the request as JSON.
struct oauth_client {
  std::string token_url;
  std::string id;
  base::secret secret;
};

/// What goes into `Authorization: Bearer …`: a fixed token, or one that is fetched, kept, and renewed before
/// it expires. Shared by the attempts of one destination; like those it belongs to the delivery thread.
/// Tokens live in memory only.
class credentials {
 public:
  explicit credentials(base::secret fixed) : token_(std::move(fixed)) {}
  explicit credentials(oauth_client client) : client_(std::move(client)) {}

  /// The token to send at `now`; nothing means that one is to be fetched first. Shortly before a token
  /// expires one caller is told so, while the others go on with the old one.
  [[nodiscard]] std::optional<base::secret> bearer(base::timestamp now) const;
  /// False: another attempt is fetching one, which is to be waited for. Else end_fetch() follows, whatever
  /// came.
  [[nodiscard]] bool begin_fetch(base::timestamp now);
  void end_fetch() noexcept { fetching_ = false; }
  [[nodiscard]] http::request token_request() const;
  /// The answer with status 2xx to that request; false if no usable token is in it.
  [[nodiscard]] bool accept(const http::response& answer, base::timestamp now);
  /// The vendor did not take this token.
  enum class remedy {
    none,     ///< there is no other
    renewed,  ///< another attempt has fetched a newer one meanwhile
    fetch     ///< it can be fetched anew
  };
  [[nodiscard]] remedy refused(const base::secret& token);

  /// What must not appear in evidence.
  [[nodiscard]] std::string masked(std::string text) const;

 private:
  std::optional<oauth_client> client_;
  base::secret token_;
  base::timestamp renew_at_{}, expires_at_{};
  bool fetching_ = false;
  std::optional<base::timestamp> fetch_began_;
};

}  // namespace cartrelay::destinations::reloadify
