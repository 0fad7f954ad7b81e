#include "destinations/reloadify/credentials.hpp"

#include "base/json_writer.hpp"
#include "destinations/answer_object.hpp"
#include "destinations/judge.hpp"
#include "destinations/single_request.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <chrono>

namespace cartrelay::destinations::reloadify {
namespace {

namespace json = boost::json;

/// Where the answer names no lifetime (RFC 6749 only recommends it), or none that a token can have: some
/// issuers write 0 for one that does not end. Too long a guess costs one answer 401.
constexpr std::int64_t usual_lifetime_s = 3'600;
constexpr std::int64_t longest_lifetime_s = 366LL * 24 * 3'600;
/// How long before its end a token is renewed, at most; a tenth of a short life.
constexpr std::int64_t longest_margin_s = 60;
/// A renewal before its time that failed is tried again after this while.
constexpr std::chrono::seconds renewal_patience{30};

std::int64_t lifetime_s(const json::object& answer) {
  const auto* given = answer.if_contains("expires_in");
  auto number = given ? *given : json::value();
  boost::system::error_code failed;
  if (number.is_string()) number = json::parse(number.get_string(), failed);  // some issuers quote it
  if (failed || !number.is_int64() || number.get_int64() <= 0) return usual_lifetime_s;
  return std::min(number.get_int64(), longest_lifetime_s);
}

}  // namespace

std::optional<base::secret> credentials::bearer(base::timestamp now) const {
  if (!client_) return token_;
  if (token_.empty() || now >= expires_at_) return std::nullopt;
  const bool lately = fetch_began_ && now - *fetch_began_ < renewal_patience;
  if (now < renew_at_ || fetching_ || lately) return token_;
  return std::nullopt;
}

bool credentials::begin_fetch(base::timestamp now) {
  if (fetching_) return false;
  fetching_ = true;
  fetch_began_ = now;
  return true;
}

http::request credentials::token_request() const {
  std::string body;
  base::json_writer(body)
      .begin_object()
      .member("grant_type", "client_credentials")
      .member("client_id", client_->id)
      .member("client_secret", client_->secret.reveal())
      .end_object();
  return json_request("POST", client_->token_url, std::move(body));
}

bool credentials::accept(const http::response& answer, base::timestamp now) {
  const auto given = answer_object(answer.body);
  const auto* token = given ? given->if_contains("access_token") : nullptr;
  if (!token || !token->is_string()) return false;
  const std::string_view text = token->get_string();
  if (text.empty() || !http::is_valid_field_value(text)) return false;
  const auto lifetime = lifetime_s(*given);
  token_ = base::secret(text);
  expires_at_ = now + std::chrono::seconds(lifetime);
  renew_at_ = expires_at_ - std::chrono::seconds(std::min(longest_margin_s, lifetime / 10));
  fetch_began_.reset();
  return true;
}

credentials::remedy credentials::refused(const base::secret& token) {
  if (!client_) return remedy::none;
  if (!token_.empty() && !(token_ == token)) return remedy::renewed;
  token_ = {};
  return remedy::fetch;
}

std::string credentials::masked(std::string text) const {
  text = mask(std::move(text), token_);
  return client_ ? mask(std::move(text), client_->secret) : text;
}

}  // namespace cartrelay::destinations::reloadify
