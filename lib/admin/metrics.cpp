#include "admin/metrics.hpp"

#include <prometheus/text_serializer.h>

#include <array>
#include <chrono>
#include <utility>

namespace cartrelay::admin {
namespace {

using dispatch::destination_state;
using dispatch::destination_status;
using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using labels = std::vector<ClientMetric::Label>;

double seconds(base::timestamp at) {
  return std::chrono::duration<double>(at.time_since_epoch()).count();
}

class family {
 public:
  family(std::string name, std::string help, MetricType type) {
    made_.name = "cartrelay_" + std::move(name);
    made_.help = std::move(help);
    made_.type = type;
  }

  family& add(labels marks, double value) {
    ClientMetric sample;
    sample.label = std::move(marks);
    (made_.type == MetricType::Counter ? sample.counter.value : sample.gauge.value) = value;
    made_.metric.push_back(std::move(sample));
    return *this;
  }
  family& add(labels marks, std::uint64_t value) { return add(std::move(marks), static_cast<double>(value)); }

  [[nodiscard]] MetricFamily take() { return std::move(made_); }

 private:
  MetricFamily made_;
};

using families = std::vector<MetricFamily>;

template <class Value>
void gauge(families& out, std::string name, std::string help, Value value) {
  out.push_back(family(std::move(name), std::move(help), MetricType::Gauge).add({}, value).take());
}
void counter(families& out, std::string name, std::string help, std::uint64_t value) {
  out.push_back(family(std::move(name), std::move(help), MetricType::Counter).add({}, value).take());
}

void add_daemon(families& out, const snapshot& seen) {
  out.push_back(family("build_info", "Always 1; the version is in the label.", MetricType::Gauge)
                    .add({{"version", seen.version}}, 1.0)
                    .take());
  gauge(out, "start_time_seconds", "When the daemon started, in seconds since 1970.",
        seconds(seen.started_at));
  family state("state", "1 for the state that the daemon is in.", MetricType::Gauge);
  for (const char* each : {"running", "degraded", "stopping"})
    state.add({{"state", each}}, overall_state(seen) == each ? 1.0 : 0.0);
  out.push_back(state.take());
}

void add_ingest(families& out, const snapshot& seen) {
  counter(out, "ingest_accepted_total", "Events that were stored.", seen.queue.ingest.accepted);
  counter(out, "ingest_duplicate_total", "Events that had been accepted before.",
          seen.queue.ingest.duplicates);
  counter(out, "ingest_refused_total",
          "Requests answered with a 4xx: with events that were refused, or malformed.",
          seen.queue.ingest.refused);
  gauge(out, "ingest_requests_in_flight", "Requests with events that wait for their answer.",
        seen.requests_in_flight);
  out.push_back(
      family("ingest_commit_seconds", "Time of a durable write, of the latest ones.", MetricType::Gauge)
          .add({{"quantile", "0.5"}}, seen.queue.commit_p50_ms / 1e3)
          .add({{"quantile", "0.99"}}, seen.queue.commit_p99_ms / 1e3)
          .take());
}

void add_queue(families& out, const snapshot& seen) {
  const auto& queue = seen.queue;
  gauge(out, "queue_events", "Events in the log, finished ones within their retention included.",
        queue.events);
  gauge(out, "queue_first_sequence", "Sequence of the oldest event in the log; 0 if it is empty.",
        first_sequence(queue));
  gauge(out, "queue_next_sequence", "Sequence that the next event will get.", queue.next);
  gauge(out, "queue_bytes", "Size of what is stored.", queue.bytes);
  gauge(out, "queue_max_bytes", "Size past which events are refused.", queue.max_bytes);
  if (queue.free_disk)
    gauge(out, "queue_disk_free_bytes", "Room left on the file system that the queue lies on.",
          *queue.free_disk);
  gauge(out, "queue_oldest_pending_age_seconds", "Age of the oldest event that some destination still needs.",
        oldest_pending_age_s(seen));
  gauge(out, "queue_writable", "1 while events are taken.", queue.writable ? 1.0 : 0.0);
  counter(out, "queue_corrupt_total", "Records set aside because they did not match their checksum.",
          queue.corrupt);
  counter(out, "queue_lost_accepted_total", "Acknowledged events given up when a damaged queue was opened.",
          queue.lost_accepted);
}

labels marks_of(const destination_status& destination) {
  return {{"destination", destination.name}, {"kind", destination.kind}};
}
labels marks_of(const destination_status& destination, std::string name, std::string value) {
  auto marks = marks_of(destination);
  marks.push_back({std::move(name), std::move(value)});
  return marks;
}

struct count_row {
  const char* name;
  const char* help;
  MetricType type;
  std::uint64_t (*read)(const destination_status&);
};
constexpr std::array count_rows{
    count_row{"routed_total", "Events routed here.", MetricType::Counter,
              [](const destination_status& d) { return d.counts.routed; }},
    count_row{"delivered_total", "Events delivered.", MetricType::Counter,
              [](const destination_status& d) { return d.counts.delivered; }},
    count_row{"skipped_total", "Events that need not or cannot go here.", MetricType::Counter,
              [](const destination_status& d) { return d.counts.skipped; }},
    count_row{"superseded_total", "Events that a newer snapshot made superfluous.", MetricType::Counter,
              [](const destination_status& d) { return d.counts.superseded; }},
    count_row{"expired_total", "Events that grew older than max_age.", MetricType::Counter,
              [](const destination_status& d) { return d.counts.expired; }},
    count_row{
        "discarded_total",
        "Discarded: dead letters by command or past their retention, what could not be read, the backlog "
        "of a removed destination given up by command, and what an erasure took.",
        MetricType::Counter, [](const destination_status& d) { return d.counts.discarded; }},
    count_row{"attempts_total", "Deliveries tried; a batch is one.", MetricType::Counter,
              [](const destination_status& d) { return d.counts.attempts; }},
    count_row{"failed_attempts_total", "Deliveries that failed.", MetricType::Counter,
              [](const destination_status& d) { return d.counts.failed_attempts; }},
    count_row{"dead_letters", "Dead letters that wait for somebody.", MetricType::Gauge,
              [](const destination_status& d) { return d.counts.dead_letters; }},
    count_row{"backlog", "Events that are not finished, those to be retried included.", MetricType::Gauge,
              [](const destination_status& d) { return d.counts.backlog(); }},
    count_row{"in_flight", "Events in requests under way.", MetricType::Gauge,
              [](const destination_status& d) { return d.in_flight; }},
    count_row{"retrying", "Events that wait for another attempt.", MetricType::Gauge,
              [](const destination_status& d) { return d.retrying; }},
};

void add_counts(families& out, const snapshot& seen) {
  for (const auto& row : count_rows) {
    family made(std::string("destination_") + row.name, row.help, row.type);
    for (const auto& destination : seen.destinations)
      made.add(marks_of(destination), row.read(destination));
    out.push_back(made.take());
  }
}

void add_states(families& out, const snapshot& seen) {
  family made("destination_state", "1 for the state that the destination is in.", MetricType::Gauge);
  for (const auto& destination : seen.destinations)
    for (const auto each : {destination_state::active, destination_state::backing_off,
                            destination_state::suspended, destination_state::paused})
      made.add(marks_of(destination, "state", std::string(dispatch::to_string(each))),
               destination.state == each ? 1.0 : 0.0);
  out.push_back(made.take());
}

void add_times(families& out, const snapshot& seen) {
  family age("destination_oldest_pending_age_seconds", "Age of the oldest unfinished event.",
             MetricType::Gauge);
  family eta("destination_drain_eta_seconds", "Backlog by the recent rate; absent without one.",
             MetricType::Gauge);
  family success("destination_last_success_timestamp_seconds", "Last delivery; absent before the first.",
                 MetricType::Gauge);
  family failure("destination_last_error_timestamp_seconds", "Last failure; absent before the first.",
                 MetricType::Gauge);
  family request("destination_request_seconds", "Time of a request, of the latest ones.", MetricType::Gauge);
  for (const auto& each : seen.destinations) {
    age.add(marks_of(each), oldest_pending_age_s(each, seen.now));
    if (each.drain_eta_s) eta.add(marks_of(each), *each.drain_eta_s);
    if (each.last_success_at) success.add(marks_of(each), seconds(*each.last_success_at));
    if (each.last_error) failure.add(marks_of(each), seconds(each.last_error->at));
    request.add(marks_of(each, "quantile", "0.5"), each.request_p50_ms / 1e3);
    request.add(marks_of(each, "quantile", "0.99"), each.request_p99_ms / 1e3);
  }
  for (auto* made : {&age, &eta, &success, &failure, &request})
    out.push_back(made->take());
}

}  // namespace

std::string metrics_text(const snapshot& seen) {
  families all;
  add_daemon(all, seen);
  add_ingest(all, seen);
  add_queue(all, seen);
  if (!seen.destinations.empty()) {
    add_states(all, seen);
    add_counts(all, seen);
    add_times(all, seen);
  }
  return prometheus::TextSerializer().Serialize(all);
}

}  // namespace cartrelay::admin
