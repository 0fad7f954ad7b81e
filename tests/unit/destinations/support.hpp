#pragma once

#include "base/time.hpp"
#include "destinations/delivery.hpp"
#include "destinations/destination.hpp"
#include "destinations/options.hpp"
#include "destinations/registry.hpp"
#include "event/parse.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// What tests of the kinds need: events from their JSON, destinations from a kind's defaults, and somebody
/// who plays the dispatcher and the vendor.
namespace cartrelay::destinations::test {

inline const base::timestamp now = *base::parse_rfc3339("2026-11-21T10:00:00Z");

/// An event of shop/bg with the id `e-1`, received at `now`; `envelope` may hold further members with a comma
/// behind each. Throws if it is not valid.
inline event::event_ptr make_event(std::string_view type, std::string_view data,
                                   std::string_view envelope = {}) {
  const auto json =
      fmt::format(R"({{"specversion":"1.0","id":"e-1","source":"shop/bg","type":"{}",{}"data":{}}})", type,
                  envelope, data);
  auto parsed = event::parse_body(json, event::encoding::structured, 1, now, event::options{});
  if (!parsed)
    throw std::invalid_argument(parsed.error().list.front().pointer + ": " +
                                parsed.error().list.front().detail);
  return std::make_shared<const event::event>(std::move(parsed->front()));
}

/// The kind's defaults, with every setting of its own at its default or as given, and the secret `s3cret`.
inline options options_of(std::string_view kind_name, const settings& own = {}) {
  const auto* found = find_kind(kind_name);
  if (found == nullptr) throw std::invalid_argument(std::string(kind_name));
  options out = found->defaults;
  out.name = out.kind = kind_name;
  if (found->secret != kind::secret_need::none) out.secret = base::secret("s3cret");
  if (out.url.empty()) out.url = "https://vendor.example";
  for (const auto& described : found->settings)
    out.own[std::string(described.name)] = described.fallback;
  for (const auto& [name, value] : own)
    out.own[name] = value;
  return out;
}

inline std::unique_ptr<destination> make_destination(const options& given) {
  return find_kind(given.kind)->make(given).value();
}

inline http::outcome answer(int status, std::string body = {}, http::fields headers = {}) {
  return http::response{status, std::move(headers), std::move(body)};
}
inline http::outcome failed(http::stage reached, std::string detail = "it broke") {
  return http::failure{reached, std::move(detail)};
}

struct attempt_log {
  std::vector<http::request> requests;
  std::vector<bool> safe_to_repeat;
  std::vector<judgement> judgements;
  std::vector<memory_change> changes;
};

/// Plays a whole attempt: one outcome for each request, in order. Throws if the outcomes do not suffice or
/// are not used up.
inline attempt_log run(destination& where, std::vector<delivery_event> events,
                       const std::vector<http::outcome>& outcomes, memory known = {}) {
  attempt_log out;
  const auto attempt = where.begin(std::move(events), std::move(known));
  auto coming = outcomes.begin();
  while (auto request = attempt->next(now)) {
    out.requests.push_back(std::move(*request));
    out.safe_to_repeat.push_back(attempt->safe_to_repeat());
    if (coming == outcomes.end()) throw std::logic_error("unexpected request: " + out.requests.back().target);
    attempt->take(*coming++);
  }
  if (coming != outcomes.end()) throw std::logic_error("an outcome was not asked for");
  out.judgements = attempt->judgements();
  out.changes = attempt->changes();
  return out;
}

/// JSON without the white space between its tokens: what a body of ours is compared with, digit for digit.
inline std::string compact(std::string_view json) {
  std::string out;
  bool inside = false;
  for (std::size_t at = 0; at < json.size(); ++at) {
    const char c = json[at];
    if (inside && c == '\\') {
      out += c;
      out += json[++at];
      continue;
    }
    if (c == '"') inside = !inside;
    if (inside || (c != ' ' && c != '\n')) out += c;
  }
  return out;
}

inline std::string header(const http::request& of, std::string_view name) {
  return std::string(of.headers.find(name).value_or("(none)"));
}

}  // namespace cartrelay::destinations::test
