#include "admin/service.hpp"

#include "admin/actions.hpp"
#include "admin/answer.hpp"
#include "admin/assets.hpp"
#include "admin/customers.hpp"
#include "admin/metrics.hpp"
#include "admin/preview.hpp"
#include "admin/status_json.hpp"
#include "http/query_reader.hpp"
#include "ingest/answer.hpp"

#include <algorithm>

namespace cartrelay::admin {
namespace {

http::response text_response(std::string_view media_type, std::string body) {
  http::response answer;
  answer.headers.add("Content-Type", std::string(media_type));
  answer.body = std::move(body);
  return answer;
}

http::response serve_asset(std::string_view path) {
  const auto* found = find_asset(path);
  return found == nullptr ? http::not_found() : text_response(found->media_type, std::string(found->content));
}

}  // namespace

service::service(base::mailbox where, subjects shown, std::string version)
    : shown_(std::move(shown)),
      version_(std::move(version)),
      started_at_(shown_.time.now()),
      started_(shown_.time.steady()),
      receipts_(where, shown_.log, shown_.delivery),
      dead_letters_(std::move(where), shown_.log) {}

void service::configure(const options& settings, const event::options& rules) {
  tokens_ = http::bearer_tokens(settings.tokens);
  rules_ = rules;
}

void service::enter(phase now) noexcept {
  phase_ = now;
  if (now != phase::stopping) return;
  receipts_.end_soon();
  dead_letters_.end_soon();
}

void service::note_reload(std::string words) {
  last_reload_ = reload_result{shown_.time.now(), std::move(words)};
}

snapshot service::look() const {
  using std::chrono::seconds;
  snapshot seen;
  seen.version = version_;
  seen.phase = phase_;
  seen.started_at = started_at_;
  seen.now = shown_.time.now();
  const auto uptime = std::chrono::duration_cast<seconds>(shown_.time.steady() - started_);
  seen.uptime_s = static_cast<std::uint64_t>(std::max(uptime, seconds(0)).count());
  seen.last_reload = last_reload_;
  seen.requests_in_flight = shown_.requests_in_flight();
  seen.queue = shown_.log.stats();
  seen.destinations = shown_.delivery.status(seen.queue);
  return seen;
}

std::optional<http::response> service::screen(const http::request& head, const http::peer& from) {
  auto refused = refuse(head, from);
  if (refused) guard_browsers(*refused);
  return refused;
}

std::optional<http::response> service::refuse(const http::request& head, const http::peer& from) const {
  const auto asked = find_route(head.path());
  if (!asked) return http::not_found();
  if (auto stranger = refuse_stranger(*asked, head, from)) return stranger;
  if (!asked->takes(head.method)) return http::method_not_allowed(asked->allow());
  return asked->what == resource::preview ? refuse_preview_media_type(head) : std::nullopt;
}

std::optional<http::response> service::refuse_stranger(const route& asked, const http::request& head,
                                                       const http::peer& from) const {
  if (asked.shown == exposure::anybody || from.unix_socket) return std::nullopt;
  if (tokens_.admit(head)) return std::nullopt;
  const bool wrong_token = !tokens_.empty() && head.headers.find("authorization");
  if (asked.shown == exposure::guarded || wrong_token || !from.loopback) return http::unauthorized(tokens_);
  return http::refuse_rebound_host(head);
}

base::task<http::response> service::handle(http::request& incoming, const http::peer& /*from*/) {
  const auto asked = find_route(incoming.path()).value();  // screen() lets no other path pass
  auto answered = co_await answer(asked, incoming);
  guard_browsers(answered);
  co_return answered;
}

base::task<http::response> service::answer(const route& asked, const http::request& incoming) {
  if (asked.does != verb::read && asked.what != resource::preview)
    if (auto refused = refuse_media_type(incoming)) co_return std::move(*refused);
  const std::string query(incoming.query());
  switch (asked.what) {
    case resource::livez:
      co_return ingest::answer_liveness();
    case resource::readyz:
      co_return readiness();
    case resource::status:
      co_return http::json_response(200, status_json(look()));
    case resource::metrics:
      co_return text_response(metrics_media_type, metrics_text(look()));
    case resource::asset:
      co_return serve_asset(asked.argument);
    case resource::events:
      co_return co_await receipts_.list(query);
    case resource::event:
      co_return co_await receipts_.one(asked.argument, query);
    case resource::dead_letters:
      co_return co_await dead_letters_.list(query);
    case resource::dead_letter:
      co_return co_await dead_letters_.one(asked.argument, query);
    case resource::customers:
      co_return co_await erase_customer(shown_.delivery, query, incoming.body);
    case resource::replay:
    case resource::discard:
    case resource::pause:
    case resource::resume:
    case resource::preview:
      break;
  }
  co_return co_await change(asked, incoming);
}

base::task<http::response> service::change(const route& asked, const http::request& incoming) {
  http::query_reader unasked(incoming.query());
  if (auto refused = unasked.finish()) co_return std::move(*refused);
  const auto names = ingest::names_of(shown_.log.stats());
  switch (asked.what) {
    case resource::replay:
      co_return co_await replay(shown_.delivery, incoming.body, names);
    case resource::discard:
      co_return co_await discard(shown_.delivery, incoming.body, names);
    case resource::pause:
      co_return co_await pause(shown_.delivery, asked.argument, incoming.body);
    case resource::resume:
      co_return co_await resume(shown_.delivery, asked.argument, incoming.body);
    default:  // preview
      co_return co_await preview_answer(shown_.delivery, incoming, rules_, shown_.time.now());
  }
}

http::response service::readiness() const {
  std::string_view unready;
  if (phase_ == phase::starting) unready = "starting";
  if (phase_ == phase::stopping) unready = "stopping";
  return ingest::answer_readiness(unready, shown_.log.stats());
}

}  // namespace cartrelay::admin
