#include "admin/dead_letters.hpp"

#include "admin/answer.hpp"
#include "admin/dead_letter_id.hpp"
#include "http/query_reader.hpp"
#include "queue/calls.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace cartrelay::admin {
namespace {

constexpr std::size_t usual_page = 50;
constexpr std::size_t largest_page = 500;
constexpr std::size_t ids_in_a_group = 1'000;  // as many as one replay takes
constexpr std::array<std::string_view, 1> groupings{"reason"};

struct group {
  std::uint64_t count = 0;
  base::timestamp newest;
  std::vector<std::string> ids;
};
using groups_by_reason = std::map<std::pair<queue::destination_id, std::string>, group>;

/// A cursor is the id of the last letter of the page before.
void read_cursor(http::query_reader& asked, const ingest::destination_names& names, dead_letter_search& out) {
  const auto cursor = asked.text("cursor");
  if (!cursor) return;
  out.what.after = parse_dead_letter_id(*cursor, names);
  if (!out.what.after) asked.refuse("cursor", "not a cursor that was answered here");
  if (out.grouped) asked.refuse("cursor", "groups come all at once");
}

std::string groups_json(const groups_by_reason& groups, const ingest::destination_names& names) {
  std::string body;
  base::json_writer json(body);
  json.begin_object().key("groups").begin_array();
  for (const auto& [key, group] : groups) {
    json.begin_object()
        .member("destination", name_of(names, key.first))
        .member("reason", key.second)
        .member("count", group.count)
        .member("before", base::format_rfc3339_micros(group.newest + base::timestamp::duration(1)))
        .key("ids")
        .begin_array();
    for (const auto& id : group.ids)
      json.value(id);
    json.end_array().end_object();
  }
  json.end_array().end_object();
  return body;
}

queue::dead_letter_key key_of(const queue::dead_letter& what) {
  return {what.destination, what.event.number};
}

}  // namespace

dead_letter_search parse_dead_letter_search(std::string_view query, const ingest::destination_names& names) {
  dead_letter_search out;
  http::query_reader asked(query);
  out.what.destination = read_destination(asked, names);
  out.what.reason = asked.text("reason");
  out.what.before = asked.time("before");
  out.grouped = asked.choice("group", groupings).has_value();
  out.what.limit = asked.count("limit", out.grouped ? ids_in_a_group : usual_page,
                               out.grouped ? ids_in_a_group : largest_page);
  read_cursor(asked, names, out);
  out.refused = asked.finish();
  return out;
}

void write_dead_letter(base::json_writer& json, const queue::dead_letter& what,
                       const ingest::destination_names& names) {
  json.begin_object()
      .member("id", format_dead_letter_id(key_of(what), names))
      .member("destination", name_of(names, what.destination))
      .member("sequence", what.event.number)
      .member("type", event::to_string(what.event.type))
      .member("received_at", base::format_rfc3339_millis(what.event.received_at))
      .member("at", base::format_rfc3339_millis(what.ended.at))
      .member("reason", what.ended.reason)
      .member("detail", what.ended.detail);
  ingest::write_attempts(json, what.ended.tries);
  if (!what.ended.results.empty()) json.key("results").raw(what.ended.results);
  json.key("evidence");
  if (what.ended.evidence.empty())
    json.null();
  else
    json.raw(what.ended.evidence);
  json.key("event");
  ingest::write_event(json, what.event);
  json.end_object();
}

base::task<http::response> dead_letters::list(std::string query) {
  const auto names = ingest::names_of(log_.stats());
  auto asked = parse_dead_letter_search(query, names);
  if (asked.refused) co_return std::move(*asked.refused);
  if (asked.grouped) co_return co_await groups(asked.what, names);
  co_return co_await page(asked.what, names);
}

base::task<http::response> dead_letters::page(queue::dead_letter_query asked,
                                              ingest::destination_names names) {
  std::string body;
  base::json_writer json(body);
  json.begin_object().key("dead_letters").begin_array();
  auto left = asked.limit;
  for (bool more = true; more;) {
    asked.limit = std::min(left, records_at_once);
    auto found = co_await queue::read_dead_letters(log_, where_, asked);
    if (!found) co_return answer_failure(found.error());
    const auto& read = found->letters;
    std::size_t shown = 0;
    while (shown < read.size() && body.size() < longest_page)
      write_dead_letter(json, read[shown++], names);
    left -= std::min(left, shown);
    asked.after = shown == read.size() ? found->next : std::optional(key_of(read[shown - 1]));
    more = asked.after && left > 0 && body.size() < longest_page && !ending_;
  }
  json.end_array().key("next_cursor");
  if (asked.after)
    json.value(format_dead_letter_id(*asked.after, names));
  else
    json.null();
  json.end_object();
  co_return http::json_response(200, std::move(body));
}

base::task<http::response> dead_letters::groups(queue::dead_letter_query asked,
                                                ingest::destination_names names) {
  groups_by_reason gathered;
  const auto most_ids = asked.limit;
  asked.limit = records_at_once;
  for (bool more = true; more;) {
    auto found = co_await queue::read_dead_letters(log_, where_, asked);
    if (!found) co_return answer_failure(found.error());
    for (const auto& each : found->letters) {
      auto& group = gathered[{each.destination, each.ended.reason}];
      ++group.count;
      group.newest = std::max(group.newest, each.ended.at);
      if (group.ids.size() < most_ids) group.ids.push_back(format_dead_letter_id(key_of(each), names));
    }
    asked.after = found->next;
    more = found->next.has_value();
    if (more && ending_) co_return answer_failure(queue::fail(queue::errc::stopped));
  }
  co_return http::json_response(200, groups_json(gathered, names));
}

base::task<http::response> dead_letters::one(std::string id, std::string query) {
  http::query_reader unasked(query);
  if (auto refused = unasked.finish()) co_return std::move(*refused);
  const auto names = ingest::names_of(log_.stats());
  const auto key = parse_dead_letter_id(id, names);
  queue::dead_letter_query asked;
  if (key) {
    asked.destination = key->destination;
    asked.after = queue::dead_letter_key{key->destination, key->number - 1};
    asked.limit = 1;
    auto found = co_await queue::read_dead_letters(log_, where_, asked);
    if (!found) co_return answer_failure(found.error());
    if (!found->letters.empty() && found->letters.front().event.number == key->number) {
      std::string body;
      base::json_writer json(body);
      write_dead_letter(json, found->letters.front(), names);
      co_return http::json_response(200, std::move(body));
    }
  }
  co_return http::problem(404, "no such dead letter, or it was replayed or discarded");
}

}  // namespace cartrelay::admin
