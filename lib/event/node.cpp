#include "event/node.hpp"

#include "base/json_writer.hpp"
#include "base/number.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

namespace cartrelay::event {
namespace {

constexpr std::uint64_t ones = 0x0101010101010101ull;
constexpr std::uint64_t highs = 0x8080808080808080ull;

/// Whether one of eight bytes may belong to a control character: below 0x20, DEL, or the lead byte of U+0080
/// to U+00BF. May be wrong only in saying yes (a borrow from the byte below).
constexpr bool suspicious(std::uint64_t eight) {
  const auto has_zero = [](std::uint64_t v) { return (v - ones) & ~v & highs; };
  return ((((eight - ones * 0x20) & ~eight) & highs) | has_zero(eight ^ (ones * 0x7f)) |
          has_zero(eight ^ (ones * 0xc2))) != 0;
}

controls find_controls_slowly(std::string_view text) noexcept {
  auto found = controls::none;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '\t' || byte == '\n')
      found = controls::breaks;
    else if (byte < 0x20 || byte == 0x7f)
      return controls::forbidden;
    else if (byte == 0xc2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xa0)
      return controls::forbidden;  // U+0080 to U+009F
  }
  return found;
}

void append_string(std::string& out, std::string_view text, bool plain) {
  if (!plain) return base::append_json_string(out, text);
  out += '"';
  out += text;
  out += '"';
}

void append_name(std::string& out, const node& member) {
  append_string(out, member.name, member.plain_name);
  out += ':';
}

void append_canonical_object(std::string& out, const node& object) {
  std::vector<const node*> members;
  members.reserve(object.size);
  for (const node& member : children(object))
    members.push_back(&member);
  std::sort(members.begin(), members.end(), [](const node* a, const node* b) { return a->name < b->name; });
  out += '{';
  for (const node* member : members) {
    if (member != members.front()) out += ',';
    append_name(out, *member);
    append_canonical(out, *member);
  }
  out += '}';
}

template <class AppendElement>
void append_array(std::string& out, const node& array, AppendElement append) {
  out += '[';
  for (const node& element : children(array)) {
    if (&element != array.first) out += ',';
    append(out, element);
  }
  out += ']';
}

}  // namespace

const node* find(const node& object, std::string_view name) noexcept {
  if (object.what != node::kind::object) return nullptr;
  for (const node& member : children(object))
    if (member.name == name) return &member;
  return nullptr;
}

controls find_controls(std::string_view text) noexcept {
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, 8);
    if (suspicious(eight)) return find_controls_slowly(text);
  }
  return find_controls_slowly(text.substr(at));
}

void append_compact(std::string& out, const node& value) {
  switch (value.what) {
    case node::kind::null:
      out += "null";
      break;
    case node::kind::boolean:
    case node::kind::number:
      out += value.text;
      break;
    case node::kind::string:
      append_string(out, value.text, value.plain_text);
      break;
    case node::kind::array:
      append_array(out, value, append_compact);
      break;
    case node::kind::object:
      out += '{';
      append_members(out, value);
      out += '}';
      break;
  }
}

void append_members(std::string& out, const node& object) {
  for (const node& member : children(object)) {
    if (&member != object.first) out += ',';
    append_name(out, member);
    append_compact(out, member);
  }
}

void append_canonical(std::string& out, const node& value) {
  switch (value.what) {
    case node::kind::number:
      if (const auto exact = base::number::parse(value.text)) out += exact->canonical();
      break;
    case node::kind::array:
      append_array(out, value, append_canonical);
      break;
    case node::kind::object:
      append_canonical_object(out, value);
      break;
    default:
      append_compact(out, value);
  }
}

}  // namespace cartrelay::event
