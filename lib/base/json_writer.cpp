#include "base/json_writer.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace cartrelay::base {
namespace {

/// Whether one of eight characters is to be escaped; all eight are looked at together.
bool any_escaped(const char* eight) {
  constexpr std::uint64_t each = 0x0101010101010101, high = 0x80 * each;
  std::uint64_t word = 0;
  std::memcpy(&word, eight, sizeof word);
  const auto holds_below = [=](std::uint64_t in, std::uint64_t limit) {
    return ((in - limit * each) & ~in & high) != 0;
  };
  return holds_below(word, 0x20) || holds_below(word ^ ('"' * each), 1) ||
         holds_below(word ^ ('\\' * each), 1);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t from = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    while (at + 8 <= text.size() && !any_escaped(text.data() + at))
      at += 8;
    if (at == text.size()) break;
    const char c = text[at];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, from, at - from);
    from = at + 1;
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    }
  }
  out.append(text, from);
  out += '"';
}

std::string json_string(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  append_json_string(out, text);
  return out;
}

void json_writer::separate() {
  if (!first_) out_ += ',';
  first_ = false;
}

json_writer& json_writer::begin_object() {
  separate();
  out_ += '{';
  first_ = true;
  return *this;
}

json_writer& json_writer::end_object() {
  out_ += '}';
  first_ = false;
  return *this;
}

json_writer& json_writer::begin_array() {
  separate();
  out_ += '[';
  first_ = true;
  return *this;
}

json_writer& json_writer::end_array() {
  out_ += ']';
  first_ = false;
  return *this;
}

json_writer& json_writer::key(std::string_view name) {
  separate();
  append_json_string(out_, name);
  out_ += ':';
  first_ = true;  // the value follows without a comma
  return *this;
}

/// Put together first, so that the string looks for room once.
json_writer& json_writer::plain_key(std::string_view name) {
  std::array<char, 64> text;
  if (name.size() + 4 > text.size()) return key(name);
  auto* end = text.data();
  if (!first_) *end++ = ',';
  *end++ = '"';
  end += name.copy(end, name.size());
  *end++ = '"';
  *end++ = ':';
  out_.append(text.data(), end);
  first_ = true;  // the value follows without a comma
  return *this;
}

json_writer& json_writer::value(std::string_view text) {
  separate();
  append_json_string(out_, text);
  return *this;
}

json_writer& json_writer::value(bool truth) {
  return raw(truth ? "true" : "false");
}

json_writer& json_writer::value(double measure) {
  if (!std::isfinite(measure)) return null();
  return raw(fmt::format("{:.3f}", measure));
}

json_writer& json_writer::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

}  // namespace cartrelay::base
