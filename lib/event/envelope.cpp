#include "event/envelope.hpp"

#include "base/media_type.hpp"
#include "base/text.hpp"
#include "event/data.hpp"
#include "event/document.hpp"
#include "event/errc.hpp"
#include "event/items.hpp"
#include "event/members.hpp"
#include "event/syntax.hpp"

#include <fmt/format.h>

namespace cartrelay::event {
namespace {

constexpr std::string_view source_form = "a URI reference, such as shop/bg or https://shop.example/";
constexpr std::string_view version_form = "\"1.0\"";
constexpr std::string_view content_form = "application/json";

bool is_version(std::string_view text) {
  return text == "1.0";
}

void read_version(reader& in, const node& value, event&) {
  const auto read = in.text(value, identifier);
  if (read && !is_version(*read)) in.report(fmt::format("expected {}", version_form));
}

void read_content_type(reader& in, const node& value, event&) {
  const auto read = in.text(value, identifier);
  if (read && !base::is_json_media_type(*read)) in.report(fmt::format("expected {}", content_form));
}

void read_type(reader& in, const node& value, event& into) {
  const auto read = in.text(value, identifier);
  if (!read) return;
  if (const auto type = parse_event_type(*read)) {
    into.type = *type;
    return;
  }
  std::array<std::string_view, all_event_types.size()> known;
  for (std::size_t at = 0; at < known.size(); ++at)
    known[at] = to_string(all_event_types[at]);
  const auto meant = base::nearest(*read, known);
  in.report(meant ? fmt::format("unknown event type, did you mean \"{}\"?", *meant)
                  : fmt::format("unknown event type: known are {}", fmt::join(known, ", ")));
}

void read_event_data(reader& in, const node& value, event& into) {
  read_data(in, value, into.type == event_type{} ? std::nullopt : std::optional(into.type), into.data);
}

constexpr std::array envelope_members{
    member<event>{"specversion", read_version},
    member<event>{"id", read_text<&event::id, identifier>},
    member<event>{"source", read_formed<&event::source, syntax::is_uri_reference, source_form>},
    member<event>{"type", read_type},
    member<event>{"time", read_moment<&event::time>},
    member<event>{"subject", read_text<&event::subject, long_line>},
    member<event>{"partitionkey", read_text<&event::partition_key, identifier>},
    member<event>{"traceparent", read_text<&event::trace_parent, identifier>},
    member<event>{"tracestate", read_text<&event::trace_state, long_line>},
    member<event>{"datacontenttype", read_content_type},
    member<event>{"data", read_event_data},
};
constexpr std::array<std::string_view, 5> required{"id", "source", "type", "data", "specversion"};

bool is_scalar(const node& value) {
  return value.what == node::kind::string || value.what == node::kind::number ||
         value.what == node::kind::boolean;
}

/// Any other attribute is an extension, if CloudEvents allows its name and its value, or else a mistake.
void read_extension(reader& in, const node& value, event& into) {
  if (value.name == "data_base64") return in.report(value.name, "refused: data is a JSON object, not bytes");
  const bool legal = syntax::is_attribute_name(value.name);
  if (legal && is_scalar(value)) {
    const reader::step inside(in, value);
    auto read = read_scalar(in, value, long_line);
    if (read && !in.outlines()) into.extensions.emplace_back(in.keep(value.name), std::move(*read));
    return;
  }
  const members<event> table = envelope_members;
  in.unknown(value, names_of(table),
             legal ? ": an extension attribute is a string, a number or a boolean"
                   : ": the name of an extension attribute has 1 to 20 of a-z and 0-9");
}

}  // namespace

void read_event(reader& in, const node& value, bool specversion_required, event& into) {
  // The type decides how data is read, and may stand behind it.
  if (const node* type = find(value, "type"); type != nullptr && type->what == node::kind::string)
    into.type = parse_event_type(type->text).value_or(event_type{});
  read_members<event>(in, value, into, envelope_members,
                      names(required).first(specversion_required ? required.size() : required.size() - 1),
                      [&](const node& child) { read_extension(in, child, into); });
}

text_buffer structured_json(const node& value, std::size_t expected) {
  constexpr std::string_view version = R"("specversion":"1.0")";
  text_buffer out(expected + version.size() + 3);
  out.append("{");
  if (find(value, "specversion") == nullptr) {
    out.append(version);
    out.append(",");
  }
  append_members(out, value);
  out.append("}");
  return out;
}

base::result<event> read_whole(std::string_view json) {
  static const options kept{options::unknown_members::keep, {}};
  document source;
  const node* root = source.parse(json);
  fault_list found;
  for (const fault& each : source.faults())
    found.add(each);
  text_store store(json, source.elsewhere());
  event out;
  if (root != nullptr) {
    reader in(kept, found, std::nullopt, &store);
    read_event(in, *root, true, out);
  }
  if (!found.empty())
    return fail(errc::corrupt, fmt::format("a stored event that is not valid: {}: {}",
                                           found.all().front().pointer, found.all().front().detail));
  out.json = store.json();
  out.storage = store.share();
  return out;
}

}  // namespace cartrelay::event
