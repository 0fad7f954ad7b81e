#include "ingest/body.hpp"

#include "base/media_type.hpp"
#include "base/text.hpp"

#include <array>
#include <string_view>

namespace cartrelay::ingest {
namespace {

constexpr std::string_view binary_prefix = "ce-";

struct media_type {
  std::string_view name;
  event::encoding encoding;
};
constexpr std::array<media_type, 4> media_types{
    {{"application/json", event::encoding::json},
     {"application/cloudevents+json", event::encoding::structured},
     {"application/cloudevents-batch+json", event::encoding::batch},
     {"application/x-ndjson", event::encoding::ndjson}}};

bool has_binary_fields(const http::request& head) {
  for (const auto& [name, value] : head.headers)
    if (name.size() > binary_prefix.size() &&
        base::equals_ignoring_case(std::string_view(name).substr(0, binary_prefix.size()), binary_prefix))
      return true;
  return false;
}

/// A value in double quotes without them (RFC 9110, 5.6.4); any other as it stands.
std::string unquoted(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::string(value);
  std::string out;
  for (std::size_t at = 1; at + 1 < value.size(); ++at) {
    const bool escape = value[at] == '\\';
    if (value[at] == '"' || (escape && at + 2 == value.size())) return std::string(value);
    if (escape) ++at;
    out += value[at];
  }
  return out;
}

/// HTTP Protocol Binding for CloudEvents 1.0, 3.1.3.2: quotes are taken off first, then escapes are decoded,
/// once.
std::vector<std::pair<std::string, std::string>> binary_attributes(const http::request& incoming) {
  std::vector<std::pair<std::string, std::string>> attributes;
  for (const auto& [name, value] : incoming.headers) {
    auto lower = base::to_lower(name);
    if (!lower.starts_with(binary_prefix)) continue;
    // A malformed escape is left as it stands; the rules of the attribute then judge it.
    auto text = unquoted(value);
    attributes.emplace_back(lower.substr(binary_prefix.size()), base::percent_decode(text).value_or(text));
  }
  return attributes;
}

}  // namespace

std::optional<body_form> form_of(const http::request& head) {
  const auto field = head.headers.find("content-type");
  if (!field) return std::nullopt;
  const auto name = base::media_type_in_utf8(*field);
  if (!name) return std::nullopt;
  for (const auto& type : media_types) {
    if (!base::equals_ignoring_case(type.name, *name)) continue;
    if (type.encoding == event::encoding::json && has_binary_fields(head)) return binary_mode{};
    return type.encoding;
  }
  return std::nullopt;
}

boost::system::result<void, event::faults> outline_events(const http::request& incoming,
                                                          const body_form& form, std::size_t max_events,
                                                          base::timestamp received_at,
                                                          const event::options& rules,
                                                          const event::event_sink& take) {
  if (const auto* encoding = std::get_if<event::encoding>(&form))
    return event::outline_body(incoming.body, *encoding, max_events, received_at, rules, take);
  return event::outline_binary(binary_attributes(incoming), incoming.body, received_at, rules, take);
}

boost::system::result<std::vector<event::event>, event::faults> read_events(const http::request& incoming,
                                                                            const body_form& form,
                                                                            std::size_t max_events,
                                                                            base::timestamp received_at,
                                                                            const event::options& rules) {
  if (const auto* encoding = std::get_if<event::encoding>(&form))
    return event::parse_body(incoming.body, *encoding, max_events, received_at, rules);
  auto parsed = event::parse_binary(binary_attributes(incoming), incoming.body, received_at, rules);
  if (!parsed) return parsed.error();
  std::vector<event::event> events;
  events.push_back(std::move(*parsed));
  return events;
}

}  // namespace cartrelay::ingest
