#include "ingest/receipt_json.hpp"

#include "event/stored.hpp"
#include "queue/match.hpp"

namespace cartrelay::ingest {
namespace {

void write_optional_text(base::json_writer& json, std::string_view name, const std::string& value) {
  if (!value.empty()) json.member(name, value);
}

void write_end(base::json_writer& json, const queue::end& ended) {
  json.member("at", base::format_rfc3339_millis(ended.at));
  write_optional_text(json, "reason", ended.reason);
  write_optional_text(json, "detail", ended.detail);
  if (ended.superseded_by != 0) json.member("superseded_by", ended.superseded_by);
  if (!ended.results.empty()) json.key("results").raw(ended.results);
  write_attempts(json, ended.tries);
}

void write_waiting(base::json_writer& json, const queue::exception& waiting) {
  write_optional_text(json, "reason", waiting.reason);
  if (waiting.next_attempt)
    json.member("next_attempt_at", base::format_rfc3339_millis(*waiting.next_attempt));
  if (!waiting.results.empty()) json.key("results").raw(waiting.results);
  write_attempts(json, waiting.tries);
}

}  // namespace

destination_names names_of(const queue::queue_stats& stats) {
  destination_names names;
  for (const auto& destination : stats.destinations)
    names.emplace(destination.id, destination.name);
  return names;
}

void write_attempts(base::json_writer& json, const queue::attempts& tries) {
  json.key("attempts").begin_object().member("count", tries.count);
  if (tries.first) json.member("first_at", base::format_rfc3339_millis(*tries.first));
  if (tries.last) json.member("last_at", base::format_rfc3339_millis(*tries.last));
  json.end_object();
  if (tries.count == 0) return;
  write_optional_text(json, "request", tries.request);
  json.key("answer").begin_object();
  if (tries.status != 0) json.member("status", tries.status);
  json.member("body", tries.answer).end_object();
  write_optional_text(json, "batch", tries.batch);
}

void write_event(base::json_writer& json, const queue::record& stored) {
  const auto decoded = event::decode(stored.stored);
  if (decoded)
    json.raw(decoded->json);
  else
    json.null();
}

void write_receipt(base::json_writer& json, const queue::receipt& what, const destination_names& names) {
  json.begin_object()
      .member("sequence", what.event.number)
      .member("received_at", base::format_rfc3339_millis(what.event.received_at))
      .key("event");
  write_event(json, what.event);
  json.key("destinations").begin_array();
  for (const auto& line : what.lines) {
    const auto name = names.find(line.destination);
    json.begin_object()
        .member("destination", name == names.end() ? std::string() : name->second)
        .member("state", queue::state_name(line));
    if (line.ended)
      write_end(json, *line.ended);
    else
      write_waiting(json, line.waiting.value_or(queue::exception{}));
    json.end_object();
  }
  json.end_array().end_object();
}

std::string receipt_json(const queue::receipt& what, const destination_names& names) {
  std::string body;
  base::json_writer json(body);
  write_receipt(json, what, names);
  return body;
}

}  // namespace cartrelay::ingest
