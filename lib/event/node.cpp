#include "event/node.hpp"

#include "base/json_writer.hpp"
#include "base/leading.hpp"
#include "base/number.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace cartrelay::event {
namespace {

/// U+0080 to U+009F.
bool is_c1(std::string_view rest) noexcept {
  return rest[0] == '\xc2' && rest.size() > 1 && static_cast<unsigned char>(rest[1]) < 0xa0;
}

/// `name:` or a string; `end` follows the closing quote.
void append_string(text_buffer& out, std::string_view text, bool plain, std::string_view end = {}) {
  if (!plain) {
    out.append(base::json_string(text));
    return out.append(end);
  }
  out.room(text.size() + 2 + end.size());
  out.put('"');
  out.put(text);
  out.put('"');
  out.put(end);
}

void append_separator(text_buffer& out, bool needed) {
  out.room(1);
  if (needed) out.put(',');
}

template <class AppendValue>
void append_array(text_buffer& out, const node& array, AppendValue append_value) {
  out.append("[");
  for (const node& element : children(array)) {
    append_separator(out, &element != array.first);
    append_value(out, element);
  }
  out.append("]");
}

void append_canonical_object(text_buffer& out, const node& object) {
  struct placed {
    std::uint64_t leading;
    const node* member;
  };
  std::array<placed, 32> few;
  std::vector<placed> many;
  std::span<placed> members(few);
  if (object.size > few.size()) {
    many.resize(object.size);
    members = many;
  }
  std::size_t count = 0;
  for (const node& member : children(object))
    members[count++] = {base::leading<std::uint64_t>(member.name), &member};
  members = members.first(count);
  std::sort(members.begin(), members.end(), [](const placed& a, const placed& b) {
    return a.leading != b.leading ? a.leading < b.leading : a.member->name < b.member->name;
  });
  out.append("{");
  for (const auto& [order, member] : members) {
    append_separator(out, member != members.front().member);
    append_string(out, member->name, member->plain_name, ":");
    append_canonical(out, *member);
  }
  out.append("}");
}

void append_canonical_number(text_buffer& out, std::string_view text) {
  // A whole number is its own canonical text, but for the sign of zero.
  if (text.find_first_not_of("0123456789") == std::string_view::npos) return out.append(text);
  if (const auto exact = base::number::parse(text)) out.append(exact->canonical());
}

}  // namespace

const node* find(const node& object, std::string_view name) noexcept {
  if (object.what != node::kind::object) return nullptr;
  for (const node& member : children(object))
    if (member.name == name) return &member;
  return nullptr;
}

controls find_controls(std::string_view text) noexcept {
  auto found = controls::none;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '\t' || byte == '\n')
      found = controls::breaks;
    else if (byte < 0x20 || byte == 0x7f || is_c1(text.substr(at)))
      return controls::forbidden;
  }
  return found;
}

void append_compact(text_buffer& out, const node& value) {
  switch (value.what) {
    case node::kind::null:
      return out.append("null");
    case node::kind::boolean:
    case node::kind::number:
      return out.append(value.text);
    case node::kind::string:
      return append_string(out, value.text, value.plain_text);
    case node::kind::array:
      return append_array(out, value, append_compact);
    case node::kind::object:
      out.append("{");
      append_members(out, value);
      return out.append("}");
  }
}

void append_members(text_buffer& out, const node& object) {
  for (const node& member : children(object)) {
    append_separator(out, &member != object.first);
    append_string(out, member.name, member.plain_name, ":");
    append_compact(out, member);
  }
}

void append_canonical(text_buffer& out, const node& value) {
  switch (value.what) {
    case node::kind::number:
      return append_canonical_number(out, value.text);
    case node::kind::array:
      return append_array(out, value, append_canonical);
    case node::kind::object:
      return append_canonical_object(out, value);
    default:
      return append_compact(out, value);
  }
}

}  // namespace cartrelay::event
