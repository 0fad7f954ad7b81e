#include "ingest/answer.hpp"

#include "base/json_writer.hpp"
#include "queue/errc.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cartrelay::ingest {
namespace {

using namespace std::chrono_literals;

/// Names an event of a request that has `count` of them.
std::optional<std::size_t> index_of(std::size_t at, std::size_t count) {
  return count > 1 ? std::optional(at) : std::nullopt;
}

/// What the event at `at` clashes with.
std::string clash_words(const event_keys& keys, std::size_t at, queue::sequence accepted) {
  const auto& id = keys[at].second;
  if (accepted != 0)
    return "\"" + id + "\" was accepted before with other content (sequence " + std::to_string(accepted) +
           ")";
  const auto first = std::ranges::find(keys, keys[at]) - keys.begin();
  return "\"" + id + "\" stands in this request before (at index " + std::to_string(first) +
         ") with other content";
}

http::response answer_conflict(const event_keys& keys, const std::vector<queue::append_outcome>& outcomes) {
  std::vector<http::problem_entry> errors;
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    if (outcomes[i].status == queue::append_status::conflict)
      errors.push_back({"/id", clash_words(keys, i, outcomes[i].number), index_of(i, keys.size())});
  return http::problem(409, "the same source and id with another content; nothing of the request was stored",
                       errors);
}

std::string accepted_body(const event_keys& keys, const std::vector<queue::append_outcome>& outcomes) {
  std::string body;
  body.reserve(64 + keys.size() * 96);
  base::json_writer json(body);
  json.begin_object().key("accepted").begin_array();
  for (std::size_t i = 0; i < keys.size(); ++i)
    json.begin_object()
        .member("source", keys[i].first)
        .member("id", keys[i].second)
        .member("sequence", outcomes[i].number)
        .member("duplicate", outcomes[i].status == queue::append_status::duplicate)
        .end_object();
  json.end_array().end_object();
  return body;
}

struct refusal {
  std::string_view reason;
  std::string_view detail;
  std::chrono::seconds retry_after;
};

refusal explain(const boost::system::error_code& code) {
  if (code == queue::errc::full) return {"queue_full", "the queue has reached max_size", 10s};
  if (code == queue::errc::busy) return {"busy", "too much waits to be written", 1s};
  if (code == queue::errc::disk_low) return {"disk_low", "the disk has less than min_free_disk left", 10s};
  if (code == queue::errc::stopped) return {"stopping", "the daemon is stopping", 5s};
  if (code == queue::errc::read_only)
    return {"read_only", "the storage takes no writes; the daemon reopens it, or restarts", 5s};
  if (code == queue::errc::unknown)
    return {"unknown",
            "the write failed at its sync, so the events may or may not be stored: post them again, with the "
            "same ids",
            5s};
  return {"storage", "the queue could not take the events", 5s};
}

}  // namespace

http::response answer_outcomes(const event_keys& keys, const std::vector<queue::append_outcome>& outcomes) {
  const auto is = [&](queue::append_status status) {
    return [status](const auto& outcome) { return outcome.status == status; };
  };
  if (std::ranges::any_of(outcomes, is(queue::append_status::conflict)))
    return answer_conflict(keys, outcomes);
  const bool all_known = std::ranges::all_of(outcomes, is(queue::append_status::duplicate));
  return http::json_response(all_known ? 200 : 202, accepted_body(keys, outcomes));
}

http::response answer_faults(const event::faults& refused, std::string_view consequence) {
  std::vector<http::problem_entry> errors;
  errors.reserve(refused.list.size());
  for (const auto& fault : refused.list)
    errors.push_back({fault.pointer, fault.detail, fault.index});
  const auto refuse = [&](int status, std::string words) {
    return http::problem(status, words.append(consequence), errors);
  };
  if (refused.kind == event::fault_kind::too_many)
    return refuse(413, "more events than one request may hold");
  if (refused.kind == event::fault_kind::malformed) return refuse(400, "the body cannot be read");
  return refuse(400, "the request holds what is no valid event");
}

std::optional<http::response> refuse_large(const std::vector<queue::new_event>& submitted) {
  std::vector<http::problem_entry> errors;
  for (std::size_t i = 0; i < submitted.size(); ++i)
    if (const auto size = submitted[i].stored.size(); size > queue::largest_event)
      errors.push_back(
          {"",
           fmt::format("{} bytes as it is stored, at most {} may be one event", size, queue::largest_event),
           index_of(i, submitted.size())});
  if (errors.empty()) return std::nullopt;
  return http::problem(413, "an event that is larger than one may be; nothing of the request was stored",
                       errors);
}

http::response answer_not_found(const base::error& why) {
  return http::problem(404, why.detail.empty() ? "no such event, or it is past its retention" : why.detail);
}

std::string_view reason_of(const boost::system::error_code& failure) {
  return explain(failure).reason;
}

http::response answer_unavailable(const base::error& failure) {
  if (failure.code == queue::errc::too_large) return http::problem(413, failure.message());
  const auto why = explain(failure.code);
  return http::unavailable(why.reason, why.detail, why.retry_after);
}

http::response answer_liveness() {
  return http::json_response(200, R"({"status":"alive"})");
}

http::response answer_readiness(std::string_view phase, const queue::queue_stats& held) {
  if (!phase.empty()) return http::unavailable(phase, fmt::format("the daemon is {}", phase), 5s);
  if (!held.writable) return http::unavailable(held.reason, "the queue takes no events now", 10s);
  return http::json_response(200, R"({"status":"ready"})");
}

}  // namespace cartrelay::ingest
