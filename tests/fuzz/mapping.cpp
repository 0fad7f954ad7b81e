#include "destinations/registry.hpp"
#include "destinations/routing.hpp"
#include "event/parse.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/fuzz/vendors.hpp"

namespace cartrelay::fuzz {
namespace {

using outcome = destinations::screening::outcome;

/// A thousand items are the most that an event may hold; each may take a call.
constexpr std::size_t most_requests = 2'100;

void check_keys(const destinations::destination& where, const event::event& what) {
  const auto keys = where.order_keys(what);
  require(!keys.empty() && keys.size() <= 2, "one or two order keys");
  for (const auto& key : keys)
    require(key.find(':') != std::string::npos, "an order key says of what kind it is", key);
}

/// What every vendor's sandbox would answer, and 404 to a question.
http::response usual_answer(const http::request& to) {
  if (to.method == "GET") return http::json_response(404, "{}");
  return http::json_response(200, R"({"access_token":"t","expires_in":3600})");
}

void send(vendor& with, const event::event_ptr& what) {
  const auto made = with.where->begin({{what, {}}}, {});
  std::size_t requests = 0;
  while (const auto request = made->next(now())) {
    require(++requests <= most_requests, "an attempt ends");
    check_request(*request, with.given);
    if (with.where->largest_batch() > 1)
      require(request->body.size() == with.where->envelope_size() + with.where->encoded_size(*what),
              "a batch's size is known beforehand, to the byte");
    made->take(usual_answer(*request));
  }
  for (const auto& judged : made->judgements())
    require(!judged.divisible, "one event alone is not divided");
}

}  // namespace

void mapping(std::string_view bytes) {
  input in(bytes);
  const auto unknown =
      in.flag() ? event::options::unknown_members::keep : event::options::unknown_members::refuse;
  const event::options rules{unknown, destinations::known_refs()};
  auto parsed = event::parse_body(in.rest(), event::encoding::json, 2, now(), rules);
  if (!parsed) return;
  const auto what = std::make_shared<const event::event>(std::move(parsed->front()));
  for (unsigned which = 0; which < vendor_count(); ++which) {
    auto with = make_vendor(which);
    static_cast<void>(destinations::wants(with.given, *what));
    check_keys(*with.where, *what);
    const auto screened = with.where->screen(*what);
    require((screened.what == outcome::send) == screened.reason.empty(), "a reason for what is not sent");
    static_cast<void>(with.where->supersedes(*what));
    static_cast<void>(with.where->cart_place(*what));
    static_cast<void>(with.where->memory_keys(*what));
    if (screened.what == outcome::send) send(with, what);
  }
}

}  // namespace cartrelay::fuzz
