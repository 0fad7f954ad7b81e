#include "dispatch/preview.hpp"

#include "destinations/registry.hpp"
#include "destinations/routing.hpp"
#include "dispatch/account_mark.hpp"
#include "dispatch/attempt.hpp"

#include <utility>

namespace cartrelay::dispatch {
namespace {

/// A delivery that never ends would be a fault of its kind, and not worth a hung daemon.
constexpr std::size_t most_requests = 5'000;

http::response assumed_answer(const http::request& to) {
  if (to.method == "GET") return http::json_response(404, "{}");
  return http::json_response(200, R"({"access_token":"preview","token_type":"Bearer","expires_in":3600})");
}

std::vector<http::request> requests_of(destinations::destination& where, const destinations::options& given,
                                       const event::event_ptr& what, destinations::memory known,
                                       base::timestamp now) {
  const instant at{now, {}};
  const masking hide(given);
  batch alone;
  alone.numbers = {1};
  alone.memos = {{}};
  attempt made(alone, {what}, std::move(known), where, hide, account_mark(given), at);
  std::vector<http::request> out;
  while (out.size() < most_requests) {
    const auto request = made.next(at);
    if (!request) break;
    out.push_back(hide.request(*request));
    made.take(assumed_answer(*request), at);
  }
  return out;
}

preview preview_at(const destinations::options& given, const event::event_ptr& what,
                   destinations::memory known, base::timestamp now) {
  preview out;
  out.destination = given.name;
  const auto* kind = destinations::find_kind(given.kind);
  auto made = kind->make(given);
  auto& where = *made.value();
  const auto screened = where.screen(*what);
  out.reason = screened.reason;
  out.detail = screened.detail;
  switch (screened.what) {
    case destinations::screening::outcome::skipped:
      out.verdict = "skipped";
      break;
    case destinations::screening::outcome::unmappable:
      out.verdict = "unmappable";
      break;
    case destinations::screening::outcome::send:
      out.verdict = "send";
      out.requests = requests_of(where, given, what, std::move(known), now);
      break;
  }
  return out;
}

}  // namespace

std::vector<preview> preview_event(const event::event_ptr& what, const routing_table& where,
                                   const memories& known, base::timestamp now) {
  std::vector<preview> out;
  for (const auto& route : *where) {
    if (!destinations::wants(route.options, *what)) continue;
    const auto mine = known.find(route.options.name);
    const auto remembered = mine == known.end() ? destinations::memory() : mine->second;
    out.push_back(preview_at(route.options, what, remembered, now));
  }
  return out;
}

}  // namespace cartrelay::dispatch
