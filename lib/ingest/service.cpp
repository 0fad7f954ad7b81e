#include "ingest/service.hpp"

#include "base/completion.hpp"
#include "base/log.hpp"
#include "http/query_reader.hpp"
#include "ingest/answer.hpp"
#include "ingest/body.hpp"
#include "ingest/receipt_json.hpp"
#include "ingest/sequence.hpp"
#include "queue/calls.hpp"

namespace cartrelay::ingest {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view events_path = "/v1/events";

bool is_probe(std::string_view path) {
  return path == "/livez" || path == "/readyz";
}

/// One segment below.
bool is_receipt_path(std::string_view path) {
  const auto segment = events_path.size() + 1;
  return path.size() > segment && path.starts_with(events_path) && path[events_path.size()] == '/' &&
         path.find('/', segment) == std::string_view::npos;
}

/// The one event that a query asks for.
struct event_key {
  std::string source, id;
  std::optional<http::response> refused;  ///< a 400: nothing is to be looked for
};

event_key parse_key(std::string_view query) {
  http::query_reader asked(query);
  const auto source = asked.text("source");
  const auto id = asked.text("id");
  event_key key{source.value_or(""), id.value_or(""), asked.finish()};
  if (!key.refused && !(source && id))
    key.refused = http::problem(400, "give the event's source and id: /v1/events?source=…&id=…");
  return key;
}

class in_flight_mark {
 public:
  explicit in_flight_mark(std::atomic<std::uint64_t>& count) : count_(count) { ++count_; }
  in_flight_mark(const in_flight_mark&) = delete;
  in_flight_mark& operator=(const in_flight_mark&) = delete;
  ~in_flight_mark() { --count_; }

 private:
  std::atomic<std::uint64_t>& count_;
};

}  // namespace

service::service(base::mailbox where, queue::engine& log, const base::clock& time, forecaster foresee,
                 const options& settings)
    : where_(std::move(where)), log_(log), time_(time), foresee_(std::move(foresee)) {
  configure(settings);
}

void service::configure(const options& settings) {
  tokens_ = http::bearer_tokens(settings.tokens);
  max_events_ = settings.max_events_per_request;
  rules_ = settings.events;
}

std::uint64_t service::requests_in_flight() const noexcept {
  return in_flight_.load();
}

std::optional<http::response> service::screen(const http::request& head, const http::peer& from) {
  const auto path = head.path();
  if (is_probe(path)) {
    if (head.method == "GET") return std::nullopt;
    return http::method_not_allowed("GET, HEAD");
  }
  auto refused = refuse_stranger(head, from);
  if (!refused) refused = screen_events(head, from);
  if (refused && head.method == "POST") count_refused(refused->status);
  return refused;
}

std::optional<http::response> service::refuse_stranger(const http::request& head,
                                                       const http::peer& from) const {
  if (from.unix_socket || tokens_.admit(head)) return std::nullopt;
  if (!tokens_.empty()) return http::unauthorized(tokens_);
  return http::refuse_rebound_host(head);
}

std::optional<http::response> service::screen_events(const http::request& head,
                                                     const http::peer& from) const {
  const auto path = head.path();
  const bool reads = head.method == "GET";
  if (is_receipt_path(path) && !reads) return http::method_not_allowed("GET, HEAD");
  if (path != events_path && !is_receipt_path(path)) return http::not_found();
  if (reads) {
    // Receipts hold personal data: a caller that proved nothing gets none.
    if (tokens_.empty() && !from.unix_socket) return http::unauthorized(tokens_);
    return std::nullopt;
  }
  if (head.method != "POST") return http::method_not_allowed("GET, HEAD, POST");
  if (!form_of(head))
    return http::problem(415,
                         "Content-Type has to be application/json, application/cloudevents+json, "
                         "application/cloudevents-batch+json or "
                         "application/x-ndjson, in UTF-8");
  return std::nullopt;
}

base::task<http::response> service::handle(http::request& incoming, const http::peer& /*from*/) {
  const auto path = incoming.path();
  if (path == "/livez") co_return answer_liveness();
  if (path == "/readyz") co_return answer_readiness(stopping_ ? "stopping" : "", log_.stats());
  if (incoming.method == "POST") co_return co_await post_events(incoming);
  auto receipt = co_await get_receipt(incoming);
  receipt.headers.set("Cache-Control", "no-store");
  co_return receipt;
}

void service::note_refused() noexcept {
  refusals_.note_unread();
  count_refused();
}

void service::count_refused() noexcept {
  log_.note_refused(1);
  has_refused_.store(true);
}

void service::tell_refused() {
  has_refused_.store(false);
  if (const auto words = refusals_.take()) base::log::warning("ingest: {}", *words);
}

base::task<http::response> service::post_events(http::request& incoming) {
  const in_flight_mark mark(in_flight_);
  if (stopping_) co_return http::unavailable("stopping", "the daemon is stopping", 5s);
  const auto form = form_of(incoming);
  event_keys keys;
  std::vector<queue::new_event> submitted;
  const event::event_sink take = [&](const event::event& each) {
    keys.emplace_back(each.source, each.id);
    submitted.push_back(to_new_event(each, route_));
  };
  if (const auto read = outline_events(incoming, form.value(), max_events_, time_.now(), rules_, take);
      !read) {
    auto refused = answer_faults(read.error());
    count_refused(refused.status, read.error());
    co_return refused;
  }
  if (auto refused = refuse_large(submitted)) {
    count_refused(refused->status);
    co_return std::move(*refused);
  }
  auto outcomes = co_await queue::append(log_, where_, std::move(submitted));
  auto answer = outcomes ? answer_outcomes(keys, *outcomes) : answer_unavailable(outcomes.error());
  if (answer.status >= 400 && answer.status < 500) count_refused(answer.status);
  co_return answer;
}

base::task<http::response> service::get_receipt(const http::request& incoming) {
  if (is_receipt_path(incoming.path())) {
    http::query_reader unasked(incoming.query());
    if (auto refused = unasked.finish()) co_return std::move(*refused);
    const auto number = parse_sequence(incoming.path().substr(events_path.size() + 1));
    if (!number) co_return answer_not_found();
    auto found = co_await queue::find_receipt(log_, where_, *number);
    co_return co_await answer_receipt(std::move(found));
  }
  auto key = parse_key(incoming.query());
  if (key.refused) co_return std::move(*key.refused);
  auto found = co_await queue::find_receipt(log_, where_, std::move(key.source), std::move(key.id));
  co_return co_await answer_receipt(std::move(found));
}

base::task<http::response> service::answer_receipt(base::result<queue::receipt> found) {
  if (!found && found.error().code == queue::errc::not_found) co_return answer_not_found(found.error());
  if (!found) co_return answer_unavailable(found.error());
  auto foresee = [this, &found](queue::reply<queue::receipt> then) {
    foresee_(std::move(*found), std::move(then));
  };
  const auto told = co_await base::await_completion<base::result<queue::receipt>>(where_, foresee);
  co_return http::json_response(200, receipt_json(*told, names_of(log_.stats())));
}

}  // namespace cartrelay::ingest
