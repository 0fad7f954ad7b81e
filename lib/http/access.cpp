#include "http/access.hpp"

#include "base/text.hpp"
#include "http/address.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cartrelay::http {
namespace {

/// The host of a Host field: without port and brackets. Empty if there is more in it than these.
std::string_view host_of(std::string_view field) {
  const bool is_bracketed = field.starts_with('[');
  const auto end = is_bracketed ? field.find(']') : std::min(field.find(':'), field.size());
  if (end == std::string_view::npos) return {};
  const auto port = field.substr(is_bracketed ? end + 1 : end);
  if (!port.empty() &&
      (port.front() != ':' || port.find_first_not_of("0123456789", 1) != std::string_view::npos))
    return {};
  return is_bracketed ? field.substr(1, end - 1) : field.substr(0, end);
}

/// Nothing if two differ: a proxy in front may judge one, and the daemon the other.
std::string_view authorization_of(const fields& sent) {
  const auto first = sent.find("authorization").value_or("");
  const bool agreed = std::ranges::all_of(sent, [&](const auto& each) {
    return !base::equals_ignoring_case(each.first, "authorization") || each.second == first;
  });
  return agreed ? first : std::string_view{};
}

}  // namespace

bearer_tokens::bearer_tokens(const std::vector<base::secret>& valid) {
  for (const auto& token : valid)
    digests_.push_back(base::sha256(token.reveal()));
}

bool bearer_tokens::admit(const request& head) const {
  if (empty()) return false;
  constexpr std::string_view scheme = "bearer ";
  const auto field = authorization_of(head.headers);
  const bool formed =
      field.size() > scheme.size() && base::equals_ignoring_case(field.substr(0, scheme.size()), scheme);
  const auto presented = base::sha256(formed ? base::trim(field.substr(scheme.size())) : std::string_view{});
  bool found = false;
  for (const auto& digest : digests_)
    found |= base::equal_in_constant_time(digest, presented);
  return found && formed;
}

response unauthorized(const bearer_tokens& valid) {
  auto answer =
      valid.empty()
          ? problem(401, "no token is configured: set tokens for this listener, or ask on a Unix socket", {},
                    no_token_configured)
          : problem(401, "a valid token is needed: Authorization: Bearer <token>");
  answer.headers.add("WWW-Authenticate", "Bearer");
  return answer;
}

response method_not_allowed(std::string_view allowed) {
  auto answer = problem(405, fmt::format("this resource answers to {}", allowed));
  answer.headers.add("Allow", std::string(allowed));
  return answer;
}

response not_found() {
  return problem(404, nothing_is_here);
}

std::optional<response> refuse_rebound_host(const request& head) {
  const auto host = host_of(head.headers.find("host").value_or(""));
  if (is_address(host) || base::equals_ignoring_case(host, "localhost")) return std::nullopt;
  return problem(421, "without tokens, Host has to be an IP address or localhost");
}

}  // namespace cartrelay::http
