#include "admin/preview.hpp"

#include "admin/answer.hpp"
#include "base/json_writer.hpp"
#include "dispatch/preview.hpp"
#include "ingest/answer.hpp"
#include "ingest/body.hpp"

#include <memory>

namespace cartrelay::admin {
namespace {

void write_request(base::json_writer& json, const http::request& request) {
  json.begin_object().member("method", request.method).member("url", request.target).key("headers");
  json.begin_object();
  for (const auto& [name, value] : request.headers)
    json.member(name, value);
  json.end_object().member("body", request.body).end_object();
}

void write_destination(base::json_writer& json, const dispatch::preview& shown) {
  json.begin_object()
      .member("destination", shown.destination)
      .member("verdict", shown.verdict)
      .member("reason", shown.reason);
  if (!shown.detail.empty()) json.member("detail", shown.detail);
  json.key("requests").begin_array();
  for (const auto& request : shown.requests)
    write_request(json, request);
  json.end_array().end_object();
}

}  // namespace

std::optional<http::response> refuse_preview_media_type(const http::request& head) {
  if (ingest::form_of(head)) return std::nullopt;
  return http::problem(415,
                       "Content-Type has to be application/json or application/cloudevents+json, in UTF-8");
}

base::task<http::response> preview_answer(dispatch::dispatcher& delivery, const http::request& incoming,
                                          const event::options& rules, base::timestamp now) {
  const auto form = ingest::form_of(incoming);
  auto events = ingest::read_events(incoming, form.value(), 1, now, rules);
  if (!events) co_return ingest::answer_faults(events.error(), "");
  const auto what = std::make_shared<const event::event>(std::move(events->front()));
  const auto known = co_await delivery.remembered(what);
  if (!known) co_return answer_failure(known.error());
  std::string body;
  base::json_writer json(body);
  json.begin_object().key("destinations").begin_array();
  for (const auto& shown : dispatch::preview_event(what, delivery.routes(), *known, now))
    write_destination(json, shown);
  json.end_array().end_object();
  co_return http::json_response(200, std::move(body));
}

}  // namespace cartrelay::admin
