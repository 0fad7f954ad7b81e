#include "daemon/client/report.hpp"

#include "daemon/client/member_text.hpp"
#include "daemon/client/visible.hpp"
#include "daemon/exit_code.hpp"
#include "http/access.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>

namespace cartrelay::daemon {
namespace {

using boost::json::value;

/// The body of an error (RFC 9457); null if it is none.
value problem_of(const daemon_client::answer& came) {
  boost::system::error_code unparsable;
  auto parsed = boost::json::parse(came.body, unparsable);
  return !unparsable && find_member(parsed, "detail") != nullptr ? parsed : value();
}

std::optional<std::size_t> index_of(const value& entry) {
  const auto* index = find_member(entry, "index");
  if (index == nullptr || !index->is_int64() || index->get_int64() < 0) return std::nullopt;
  return static_cast<std::size_t>(index->get_int64());
}

/// Where the fault is: `line 701: /data/order/total: `.
std::string place_of(const value& entry, std::span<const std::size_t> lines) {
  auto index = index_of(entry);
  if (!index && lines.size() == 1) index = 0;
  std::string out;
  if (index && *index < lines.size())
    out = fmt::format("line {}: ", lines[*index]);
  else if (index)
    out = fmt::format("event {}: ", *index);
  const auto pointer = member_text(entry, "pointer");
  return pointer.empty() ? out : out + pointer + ": ";
}

/// Of one event that clashes with another of the request: the other one's line, where the daemon has its
/// index.
void name_line(std::string& detail, std::span<const std::size_t> lines) {
  constexpr std::string_view mark = "(at index ";
  const auto at = detail.rfind(mark);
  if (at == std::string::npos) return;
  const auto* digits = detail.data() + at + mark.size();
  std::size_t index = 0;
  const auto [end, failure] = std::from_chars(digits, detail.data() + detail.size(), index);
  if (failure == std::errc{} && *end == ')' && index < lines.size())
    detail.replace(at, static_cast<std::size_t>(end - detail.data()) - at,
                   fmt::format("(line {}", lines[index]));
}

/// The daemon counts the lines that it got, which need not be those of the input.
std::string detail_of(const value& entry, std::span<const std::size_t> lines) {
  auto out = member_text(entry, "detail");
  const auto index = index_of(entry);
  if (lines.empty() || !index) return out;
  const auto counted = fmt::format("(line {}, ", *index + 1);
  if (const auto at = out.rfind(counted); at != std::string::npos) out.replace(at, counted.size(), "(");
  name_line(out, lines);
  return out;
}

bool is_about(const value& problem, std::string_view pointer) {
  const auto* errors = find_member(problem, "errors");
  return errors != nullptr && errors->is_array() &&
         std::ranges::any_of(errors->get_array(),
                             [&](const value& one) { return member_text(one, "pointer") == pointer; });
}

/// The daemon has what a command asks for, but not at this listener: that of ingest knows no list of events.
bool is_elsewhere(const daemon_client::answer& came, const value& problem) {
  return came.status == 404 ? member_text(problem, "detail") == http::nothing_is_here
                            : came.status == 400 && is_about(problem, "?limit");
}

/// What may be meant instead.
std::string hint_for(const daemon_client::answer& came, const value& problem) {
  if (is_elsewhere(came, problem))
    return "; is that the right listener? `send` asks that of ingest, all else that of admin";
  if (came.status != 401 || member_text(problem, "reason") == http::no_token_configured) return {};
  if (came.token_from.empty()) return "; --token-file names one";
  return fmt::format("; that of {} was refused: is it an old one, or the other listener's?", came.token_from);
}

}  // namespace

bool succeeded(const base::result<daemon_client::answer>& came) {
  return came && came->status >= 200 && came->status < 300;
}

bool stored_nothing(const base::result<daemon_client::answer>& refusal) {
  namespace errc = boost::system::errc;
  if (!refusal)
    return refusal.error().code == errc::not_connected || refusal.error().code == errc::permission_denied;
  if (refusal->status >= 400 && refusal->status < 500) return true;
  const auto reason = member_text(problem_of(*refusal), "reason");
  return refusal->status == 503 && !reason.empty() && reason != "unknown";
}

std::string failure_text(const base::result<daemon_client::answer>& came,
                         std::span<const std::size_t> lines) {
  if (!came) return fmt::format("cartrelay: {}\n", came.error().message());
  const auto problem = problem_of(*came);
  const auto detail = problem.is_null() ? visible(came->body) : member_text(problem, "detail");
  auto out = fmt::format("cartrelay: the daemon answered {}: {}", came->status, detail);
  out += hint_for(*came, problem);
  if (came->retry_after.count() > 0) out += fmt::format("; try again in {} s", came->retry_after.count());
  out += "\n";
  const auto* errors = find_member(problem, "errors");
  if (errors == nullptr || !errors->is_array()) return out;
  for (const auto& entry : errors->get_array())
    out += fmt::format("  {}{}\n", place_of(entry, lines), detail_of(entry, lines));
  return out;
}

int report(const base::result<daemon_client::answer>& came, std::span<const std::size_t> lines) {
  fmt::print(stderr, "{}", failure_text(came, lines));
  return exit_failure;
}

value parse_answer(std::string_view body) {
  return boost::json::parse({body.data(), body.size()});
}

base::error not_ours(const daemon_client::answer& came) {
  return {boost::system::errc::make_error_code(boost::system::errc::protocol_error),
          fmt::format("{} answered {}, but not as this listener of Cartrelay does: is that its address?",
                      came.from, came.status)};
}

int show(const base::result<daemon_client::answer>& came, bool as_json, const answer_text& text) {
  if (!succeeded(came)) return report(came);
  const auto words = read_answer(*came, text);
  if (!words) return report(words.error());
  if (as_json)
    fmt::print("{}\n", came->body);
  else if (words->empty())
    fmt::print(stderr, "cartrelay: nothing found\n");
  else
    fmt::print("{}", *words);
  return exit_ok;
}

}  // namespace cartrelay::daemon
