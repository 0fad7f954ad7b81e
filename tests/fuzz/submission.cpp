#include "ingest/submission.hpp"

#include "base/text.hpp"
#include "destinations/registry.hpp"
#include "event/stored.hpp"
#include "http/gzip.hpp"
#include "ingest/answer.hpp"
#include "ingest/body.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/fuzz/zipped.hpp"

#include <array>

namespace cartrelay::fuzz {
namespace {

constexpr std::size_t max_events = 20;
constexpr std::size_t max_body = 32 << 10;
const base::timestamp received = *base::parse_rfc3339("2026-11-21T10:00:00.123456Z");

constexpr std::array<std::string_view, 5> media_types{
    "application/json", "application/cloudevents+json", "application/cloudevents-batch+json",
    "application/x-ndjson", "application/json; charset=utf-8"};

/// The fields as the wire gives them: those of `lines`, or a media type that the choice names.
http::request read_head(unsigned form, std::string_view lines) {
  http::request out;
  if (form < media_types.size()) out.headers.add("Content-Type", std::string(media_types[form]));
  bool first = form >= media_types.size();
  for (input in(lines); !in.empty();) {
    const auto line = in.line();
    const auto colon = std::min(line.find(':'), line.size());
    const auto value = first ? line : line.substr(std::min(colon + 1, line.size()));
    const auto name = first ? std::string_view("Content-Type") : line.substr(0, colon);
    if (http::is_valid_field_name(name)) out.headers.add(std::string(name), std::string(base::trim(value)));
    first = false;
  }
  return out;
}

void check_faults(const event::faults& refused) {
  require(!refused.list.empty() && refused.list.size() <= event::max_faults, "from one to a hundred faults");
  std::size_t bytes = 0;
  for (const auto& each : refused.list) {
    require(bytes < event::max_fault_bytes, "faults are bounded together");
    bytes += each.pointer.size() + each.detail.size();
    require(each.pointer.empty() || each.pointer.front() == '/', "a JSON pointer", each.pointer);
    require(base::is_valid_utf8(each.pointer) && base::is_valid_utf8(each.detail), "faults are UTF-8");
    require(!each.detail.empty(), "a fault has words");
    require(!each.index || *each.index < max_events, "the index of an event that was sent");
  }
  const auto answer = ingest::answer_faults(refused);
  require(answer.status == 400 || answer.status == 413, "a 4xx");
  require(is_json(answer.body), "a problem is JSON", answer.body);
}

/// The text that is stored means what was sent, to this program and to any other.
void check_text(const event::event& taken) {
  require(is_json(taken.json), "what is stored is JSON to another parser too", taken.json);
  require(base::is_valid_utf8(taken.json), "what is stored is UTF-8");
  require(taken.json.find_first_of("\n\r") == std::string::npos, "what is stored is one line", taken.json);
  const event::options keep{event::options::unknown_members::keep, {}};
  const auto again = event::parse_body(taken.json, event::encoding::structured, 1, received, keep);
  require(again.has_value(), "what is stored can be posted again", taken.json);
  require(again->front().json == taken.json, "the compact form of the compact form is itself", taken.json);
  require(event::digest(again->front()) == event::digest(taken), "the digest is of the content", taken.json);
}

void check_stored(const event::event& taken) {
  const auto bytes = event::encode(taken);
  const auto back = event::decode(bytes);
  require(back.has_value(), "what was stored can be read", taken.json);
  require(event::encode(*back) == bytes, "decode and encode are each other's inverse", taken.json);
  require(back->id == taken.id && back->source == taken.source && back->type == taken.type &&
              back->subject == taken.subject && back->partition_key == taken.partition_key &&
              back->received_at == taken.received_at && back->occurred_at() == taken.occurred_at(),
          "an event comes back as it was", taken.json);
  require(event::digest(*back) == event::digest(taken), "the digest survives storing", taken.json);
  require(!taken.id.empty() && !taken.source.empty(), "an event has its idempotency key");
  require(!event::decode(std::string_view(bytes).substr(0, bytes.size() - 1)), "a torn event is noticed",
          taken.json);
}

void check_submission(const event::event& taken) {
  const auto route = [](const event::event&) { return std::vector<queue::destination_id>{1, 2}; };
  const auto queued = ingest::to_new_event(taken, route);
  require(queued.id == taken.id && queued.source == taken.source && queued.digest == event::digest(taken),
          "the queue gets the key and the digest");
}

}  // namespace

void submission(std::string_view bytes) {
  input in(bytes);
  const auto form = in.choice();
  const auto flags = in.choice();
  auto request = read_head(form, in.text());
  request.body = in.rest();
  if ((flags & 4) != 0) {  // the body is meant to be gzip; whatever comes of it is the body
    std::string plain;
    if (http::inflate_gzip(in.rest(), max_body, plain) == http::inflate_end::ok) request.body = plain;
    require(plain.size() <= max_body, "no body is larger than the limit");
  } else if ((flags & 8) != 0) {
    std::string plain;
    require(http::inflate_gzip(zipped(in.rest(), flags), max_body, plain) == http::inflate_end::ok,
            "what zlib packs can be unpacked");
    require(plain == in.rest(), "unpacked as it was packed");
  }

  const auto how = ingest::form_of(request);
  if (!how) return;
  event::options rules{event::options::unknown_members::refuse, destinations::known_refs()};
  if ((flags & 1) != 0) rules.unknown = event::options::unknown_members::keep;
  if ((flags & 2) != 0) rules.refs.clear();
  const auto taken = ingest::read_events(request, *how, max_events, received, rules);
  if (!taken) return check_faults(taken.error());
  require(!taken->empty() && taken->size() <= max_events, "as many events as a request may hold");
  for (const auto& each : *taken) {
    check_text(each);
    check_stored(each);
    check_submission(each);
  }
}

}  // namespace cartrelay::fuzz
