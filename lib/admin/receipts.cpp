#include "admin/receipts.hpp"

#include "admin/answer.hpp"
#include "admin/dead_letter_id.hpp"
#include "http/access.hpp"
#include "http/query_reader.hpp"
#include "ingest/answer.hpp"
#include "ingest/sequence.hpp"
#include "queue/calls.hpp"
#include "queue/errc.hpp"

#include <algorithm>
#include <array>

namespace cartrelay::admin {
namespace {

constexpr std::size_t usual_page = 50;
constexpr std::size_t largest_page = 500;
constexpr std::array<std::string_view, 8> states{"pending",    "retrying", "delivered",   "skipped",
                                                 "superseded", "expired",  "dead_letter", "discarded"};

std::vector<std::string_view> type_names() {
  std::vector<std::string_view> names;
  names.reserve(event::all_event_types.size());
  for (const auto type : event::all_event_types)
    names.push_back(event::to_string(type));
  return names;
}

void read_terms(http::query_reader& asked, queue::receipt_query& what) {
  if (auto order = asked.text("order_id")) what.terms.push_back({queue::index_kind::order, *order});
  if (auto cart = asked.text("cart_id")) what.terms.push_back({queue::index_kind::cart, *cart});
  if (auto customer = asked.literal("customer")) {
    // An address or a phone; an id may hold a space.
    const bool keeps_plus = customer->front() == '+' || customer->find('@') != std::string::npos;
    what.terms.push_back({queue::index_kind::customer, keeps_plus ? *customer : *asked.text("customer")});
  }
  if (auto subject = asked.text("subject")) what.terms.push_back({queue::index_kind::subject, *subject});
}

void read_cursor(http::query_reader& asked, queue::receipt_query& what) {
  const auto cursor = asked.text("cursor");
  if (!cursor) return;
  what.before = ingest::parse_sequence(*cursor);
  if (!what.before) asked.refuse("cursor", "not a cursor that was answered here");
}

constexpr std::array<std::string_view, 10> conditions{
    "order_id", "cart_id", "customer", "subject", "type", "destination", "state", "since", "until", "cursor"};

/// A source and an id name one event, so there is nothing else to say.
bool read_name(http::query_reader& asked, receipt_search& out) {
  const auto source = asked.text("source"), id = asked.text("id");
  if (!source && !id) return false;
  if (!source || !id) asked.refuse(source ? "id" : "source", "an event is named by its source and its id");
  for (const auto condition : conditions)
    if (asked.text(condition))
      asked.refuse(condition, "does not go with source and id, which name one event");
  static_cast<void>(asked.count("limit", usual_page, largest_page));
  out.source = source.value_or("");
  out.id = id.value_or("");
  return true;
}

}  // namespace

receipt_search parse_receipt_search(std::string_view query, const ingest::destination_names& names) {
  receipt_search out;
  http::query_reader asked(query);
  if (read_name(asked, out)) {
    out.refused = asked.finish();
    return out;
  }
  read_terms(asked, out.what);
  if (const auto type = asked.choice("type", type_names())) out.what.type = event::all_event_types[*type];
  out.what.destination = read_destination(asked, names);
  if (const auto state = asked.choice("state", states)) out.what.state = std::string(states[*state]);
  out.what.since = asked.time("since");
  out.what.until = asked.time("until");
  out.what.limit = asked.count("limit", usual_page, largest_page);
  read_cursor(asked, out.what);
  out.refused = asked.finish();
  return out;
}

base::task<http::response> receipts::list(std::string query) {
  const auto names = ingest::names_of(log_.stats());
  auto asked = parse_receipt_search(query, names);
  if (asked.refused) co_return std::move(*asked.refused);
  if (!asked.id.empty()) co_return co_await named(asked.source, asked.id);
  std::string body;
  base::json_writer json(body);
  json.begin_object().key("events").begin_array();
  auto left = asked.what.limit;
  for (bool more = true; more;) {
    asked.what.limit = std::min(left, records_at_once);
    auto page = co_await queue::search(log_, where_, asked.what);
    if (!page) co_return answer_failure(page.error());
    auto& read = page->receipts;
    std::size_t shown = 0;
    while (shown < read.size() && body.size() < longest_page) {
      delivery_.foresee(read[shown]);
      ingest::write_receipt(json, read[shown++], names);
    }
    left -= std::min(left, shown);
    asked.what.before = shown == read.size() ? page->next : std::optional(read[shown - 1].event.number);
    // Fewer than were asked for: the queue has looked long enough for one request.
    const bool may_go_on = read.size() == asked.what.limit && !ending_;
    more = asked.what.before && left > 0 && body.size() < longest_page && may_go_on;
  }
  json.end_array().key("next_cursor");
  if (asked.what.before)
    json.value(std::to_string(*asked.what.before));
  else
    json.null();
  json.end_object();
  co_return http::json_response(200, std::move(body));
}

base::task<http::response> receipts::named(std::string source, std::string id) {
  auto found = co_await queue::find_receipt(log_, where_, std::move(source), std::move(id));
  if (!found && found.error().code != queue::errc::not_found) co_return answer_failure(found.error());
  std::string body;
  base::json_writer json(body);
  json.begin_object().key("events").begin_array();
  if (found) {
    delivery_.foresee(*found);
    ingest::write_receipt(json, *found, ingest::names_of(log_.stats()));
  }
  json.end_array().key("next_cursor").null().end_object();
  co_return http::json_response(200, std::move(body));
}

base::task<http::response> receipts::one(std::string sequence, std::string query) {
  http::query_reader asked(query);
  if (auto refused = asked.finish()) co_return std::move(*refused);
  const auto number = ingest::parse_sequence(sequence);
  if (!number) co_return ingest::answer_not_found();
  auto found = co_await queue::find_receipt(log_, where_, *number);
  if (!found) co_return answer_failure(found.error());
  delivery_.foresee(*found);
  const auto names = ingest::names_of(log_.stats());
  co_return http::json_response(200, ingest::receipt_json(*found, names));
}

}  // namespace cartrelay::admin
