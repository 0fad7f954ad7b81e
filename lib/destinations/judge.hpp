#pragma once

#include "base/secret.hpp"
#include "base/time.hpp"
#include "destinations/verdict.hpp"
#include "http/message.hpp"
#include "http/outcome.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// The table that holds for every vendor unless its kind says otherwise:
///
///   2xx delivered; 3xx reject (redirects are not followed); 401, 403 unauthorized; 408, 425, 429, 5xx retry;
///   other 4xx reject, divisible for 400, 413, 422; no connection (DNS, TCP, TLS) retry; the request on the
///   wire and no complete answer in_doubt.
///
/// Reasons are short classes that receipts, dead letters and status group by: `http_503` (retry,
/// unauthorized), `rejected`, `in_doubt`, `dns`, `connect`, `tls`. Everything here is pure.
namespace cartrelay::destinations {

[[nodiscard]] judgement judged(verdict what, std::string reason, std::string detail);
/// What an attempt comes to that was broken off before the request that matters went out.
[[nodiscard]] judgement not_sent(std::string detail = {});

/// `now` is what a Retry-After date is counted from.
[[nodiscard]] judgement judge(const http::outcome& came, base::timestamp now);
[[nodiscard]] judgement judge_answer(const http::response& answer, base::timestamp now);
[[nodiscard]] judgement judge_failure(const http::failure& failed);

/// The same answer or failure, whatever the table says of it.
[[nodiscard]] judgement rejected(const http::response& answer);
[[nodiscard]] judgement in_doubt(const http::response& answer, base::timestamp now);

/// `503 Service Unavailable: words of the body`.
[[nodiscard]] std::string describe(const http::response& answer);

/// The header as a span from `now`. Nothing if it is absent or malformed, or asks for no wait.
[[nodiscard]] std::optional<std::chrono::seconds> retry_after(const http::fields& headers,
                                                              base::timestamp now);

/// What a stranger wrote, fit to be stored and shown: at most 2 KiB, valid UTF-8, control characters as
/// spaces.
inline constexpr std::size_t longest_evidence = 2 << 10;
[[nodiscard]] std::string evidence(std::string_view words);
/// `text` without the credential, should a vendor have echoed it.
[[nodiscard]] std::string mask(std::string text, const base::secret& hidden);
/// The same for an answer's body; nothing if no credential stands in it.
[[nodiscard]] std::optional<http::outcome> masked(const http::outcome& came,
                                                  std::span<const base::secret> hidden);

}  // namespace cartrelay::destinations
