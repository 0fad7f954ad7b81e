#include "destinations/judge.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace cartrelay::destinations {
namespace {

bool is_transient(int status) {
  return status == 408 || status == 425 || status == 429 || status >= 500 || status < 200;
}

bool may_be_one_event_of_many(int status) {
  return status == 400 || status == 413 || status == 422;
}

std::string status_class(int status) {
  return fmt::format("http_{}", status);
}

/// ASCII's and Latin-1's control characters: terminals obey both.
bool is_control(std::string_view sequence) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(sequence[at]); };
  return byte(0) < 0x20 || byte(0) == 0x7f || (byte(0) == 0xc2 && byte(1) < 0xa0);
}

bool is_printable_ascii(char c) {
  return c >= ' ' && c <= '~';
}

/// The length of the sequence that a lead byte announces; 1 for what is none.
std::size_t announced_length(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte >= 0xf0) return 4;
  if (byte >= 0xe0) return 3;
  if (byte >= 0xc0) return 2;
  return 1;
}

/// Longer waits say nothing more; the dispatcher caps far below.
constexpr std::int64_t longest_wait_seconds = 366LL * 24 * 3600;

}  // namespace

judgement judged(verdict what, std::string reason, std::string detail) {
  judgement out;
  out.what = what;
  out.reason = std::move(reason);
  out.detail = std::move(detail);
  return out;
}

judgement not_sent(std::string detail) {
  return judged(verdict::retry, "not_sent", std::move(detail));
}

judgement judge(const http::outcome& came, base::timestamp now) {
  return came ? judge_answer(*came, now) : judge_failure(came.error());
}

judgement judge_answer(const http::response& answer, base::timestamp now) {
  const int status = answer.status;
  if (status >= 200 && status < 300) return {};
  if (status == 401 || status == 403)
    return judged(verdict::unauthorized, status_class(status), describe(answer));
  if (!is_transient(status)) return rejected(answer);
  auto out = judged(verdict::retry, status_class(status), describe(answer));
  out.retry_after = retry_after(answer.headers, now);
  return out;
}

judgement judge_failure(const http::failure& failed) {
  if (failed.in_doubt()) return judged(verdict::in_doubt, "in_doubt", evidence(failed.detail));
  switch (failed.reached) {
    case http::stage::resolve:
      return judged(verdict::retry, "dns", evidence(failed.detail));
    case http::stage::tls:
      return judged(verdict::retry, "tls", evidence(failed.detail));
    default:
      return judged(verdict::retry, "connect", evidence(failed.detail));
  }
}

judgement rejected(const http::response& answer) {
  auto out = judged(verdict::reject, "rejected", describe(answer));
  out.divisible = may_be_one_event_of_many(answer.status);
  return out;
}

judgement in_doubt(const http::response& answer, base::timestamp now) {
  auto out = judged(verdict::in_doubt, "in_doubt", describe(answer));
  out.retry_after = retry_after(answer.headers, now);
  return out;
}

std::string describe(const http::response& answer) {
  const auto phrase = http::reason_phrase(answer.status);
  std::string out = fmt::format("{}{}{}", answer.status, phrase.empty() ? "" : " ", phrase);
  if (!answer.body.empty()) out += ": " + answer.body;
  return evidence(out);
}

std::optional<std::chrono::seconds> retry_after(const http::fields& headers, base::timestamp now) {
  const auto written = headers.find("Retry-After");
  if (!written) return std::nullopt;
  const auto text = base::trim(*written);
  std::int64_t seconds = 0;
  if (!text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos) {
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (failure == std::errc::result_out_of_range) seconds = longest_wait_seconds;
  } else if (const auto date = base::parse_http_date(text)) {
    seconds = std::chrono::ceil<std::chrono::seconds>(*date - now).count();
  }
  if (seconds <= 0) return std::nullopt;
  return std::chrono::seconds(std::min(seconds, longest_wait_seconds));
}

std::string evidence(std::string_view words) {
  const auto most = words.substr(0, longest_evidence);
  std::string out(most.begin(), std::find_if_not(most.begin(), most.end(), is_printable_ascii));
  for (std::size_t at = out.size(); at < words.size();) {
    const auto sequence = words.substr(at, announced_length(words[at]));
    const bool whole = base::is_valid_utf8(sequence);
    const auto shown = whole ? sequence : std::string_view("?");
    if (out.size() + shown.size() > longest_evidence) break;
    if (is_control(shown))
      out += ' ';
    else
      out += shown;
    at += whole ? sequence.size() : 1;
  }
  return out;
}

std::string mask(std::string text, const base::secret& hidden) {
  const auto secret = std::string_view(hidden.reveal());
  auto at = hidden.empty() ? std::string::npos : text.find(secret);
  if (at == std::string::npos) return text;
  std::string out;
  std::size_t copied = 0;
  for (; at != std::string::npos; at = text.find(secret, copied)) {
    out.append(text, copied, at - copied).append("***");
    copied = at + secret.size();
  }
  return out.append(text, copied);
}

std::optional<http::outcome> masked(const http::outcome& came, std::span<const base::secret> hidden) {
  const auto echoed = [&](const base::secret& one) {
    return !one.empty() && came->body.find(one.reveal()) != std::string::npos;
  };
  if (!came || std::none_of(hidden.begin(), hidden.end(), echoed)) return std::nullopt;
  http::outcome out = came;
  for (const auto& one : hidden)
    out->body = mask(std::move(out->body), one);
  return out;
}

}  // namespace cartrelay::destinations
