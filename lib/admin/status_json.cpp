#include "admin/status_json.hpp"

#include "base/json_writer.hpp"

namespace cartrelay::admin {
namespace {

void write_quantiles(base::json_writer& json, std::string_view name, double p50, double p99) {
  json.key(name).begin_object().member("p50", p50).member("p99", p99).end_object();
}

void write_time(base::json_writer& json, std::string_view name, const std::optional<base::timestamp>& at) {
  json.key(name);
  if (at)
    json.value(base::format_rfc3339_millis(*at));
  else
    json.null();
}

void write_ingest(base::json_writer& json, const snapshot& seen) {
  json.key("ingest")
      .begin_object()
      .member("accepted_total", seen.queue.ingest.accepted)
      .member("duplicate_total", seen.queue.ingest.duplicates)
      .member("refused_total", seen.queue.ingest.refused)
      .member("requests_in_flight", seen.requests_in_flight);
  write_quantiles(json, "commit_ms", seen.queue.commit_p50_ms, seen.queue.commit_p99_ms);
  json.end_object();
}

void write_queue(base::json_writer& json, const snapshot& seen) {
  const auto& queue = seen.queue;
  json.key("queue")
      .begin_object()
      .member("engine", queue.engine)
      .member("events", queue.events)
      .member("first_sequence", first_sequence(queue))
      .member("next_sequence", queue.next)
      .member("bytes", queue.bytes)
      .member("max_bytes", queue.max_bytes);
  if (queue.free_disk) json.member("disk_free_bytes", *queue.free_disk);
  json.member("oldest_pending_age_s", oldest_pending_age_s(seen)).member("writable", queue.writable);
  // What a healthy queue has nothing to say about.
  if (!queue.writable) json.member("reason", queue.reason);
  if (queue.corrupt != 0) json.member("corrupt_total", queue.corrupt);
  if (queue.lost_accepted != 0) json.member("lost_accepted_total", queue.lost_accepted);
  if (queue.loss_accepted_at)
    json.member("data_loss_accepted_at", base::format_rfc3339_millis(*queue.loss_accepted_at));
  json.end_object();
}

void write_last_error(base::json_writer& json, const dispatch::destination_status& destination) {
  json.key("last_error");
  if (!destination.last_error) {
    json.null();
    return;
  }
  const auto& failed = *destination.last_error;
  json.begin_object()
      .member("at", base::format_rfc3339_millis(failed.at))
      .member("reason", failed.reason)
      .member("detail", failed.detail)
      .key("status");
  if (failed.status != 0)
    json.value(failed.status);
  else
    json.null();
  json.end_object();
}

void write_counts(base::json_writer& json, const dispatch::destination_status& destination) {
  const auto& counts = destination.counts;
  json.member("routed_total", counts.routed)
      .member("backlog", counts.backlog())
      .member("in_flight", destination.in_flight)
      .member("retrying", destination.retrying)
      .member("dead_letters", counts.dead_letters)
      .member("discarded_total", counts.discarded)
      .member("delivered_total", counts.delivered)
      .member("skipped_total", counts.skipped)
      .member("superseded_total", counts.superseded)
      .member("expired_total", counts.expired)
      .member("attempts_total", counts.attempts)
      .member("failed_attempts_total", counts.failed_attempts);
}

void write_destination(base::json_writer& json, const dispatch::destination_status& destination,
                       base::timestamp now) {
  json.begin_object()
      .member("name", destination.name)
      .member("kind", destination.kind)
      .member("state", dispatch::to_string(destination.state))
      .member("reason", destination.reason);
  write_counts(json, destination);
  json.member("oldest_pending_age_s", oldest_pending_age_s(destination, now)).key("drain_eta_s");
  if (destination.drain_eta_s)
    json.value(*destination.drain_eta_s);
  else
    json.null();
  write_time(json, "last_success_at", destination.last_success_at);
  write_last_error(json, destination);
  write_time(json, "next_attempt_at", destination.next_attempt_at);
  write_quantiles(json, "request_ms", destination.request_p50_ms, destination.request_p99_ms);
  json.end_object();
}

}  // namespace

std::string status_json(const snapshot& seen) {
  std::string body;
  body.reserve(1024 + seen.destinations.size() * 768);
  base::json_writer json(body);
  json.begin_object()
      .member("version", seen.version)
      .member("state", overall_state(seen))
      .member("started_at", base::format_rfc3339_millis(seen.started_at))
      .member("uptime_s", seen.uptime_s);
  if (seen.last_reload)
    json.key("last_reload")
        .begin_object()
        .member("at", base::format_rfc3339_millis(seen.last_reload->at))
        .member("result", seen.last_reload->words)
        .end_object();
  write_ingest(json, seen);
  write_queue(json, seen);
  json.key("destinations").begin_array();
  for (const auto& destination : seen.destinations)
    write_destination(json, destination, seen.now);
  json.end_array().end_object();
  return body;
}

}  // namespace cartrelay::admin
