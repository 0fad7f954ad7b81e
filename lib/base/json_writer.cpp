#include "base/json_writer.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace cartrelay::base {
namespace {

static_assert(std::endian::native == std::endian::little, "the first character is the lowest byte");

/// How many of eight characters stand before the first that is to be escaped; all eight are looked at
/// together.
std::size_t plain_among(const char* eight) {
  constexpr std::uint64_t each = 0x0101010101010101, high = 0x80 * each;
  std::uint64_t word = 0;
  std::memcpy(&word, eight, sizeof word);
  // The lowest mark is right; those above it need not be.
  const auto below = [=](std::uint64_t in, std::uint64_t limit) { return (in - limit * each) & ~in & high; };
  const auto marks = below(word, 0x20) | below(word ^ ('"' * each), 1) | below(word ^ ('\\' * each), 1);
  return static_cast<std::size_t>(std::countr_zero(marks)) / 8;
}

bool is_plain(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

/// Puts a text together piece by piece, so that the string looks for room seldom.
class piecewise {
 public:
  explicit piecewise(std::string& out) : out_(out) {}
  piecewise(const piecewise&) = delete;
  piecewise& operator=(const piecewise&) = delete;

  /// What was added stands in the string now.
  void flush() {
    out_.append(piece_.data(), size_);
    size_ = 0;
  }
  void add(char c) {
    *make_room(1) = c;
    ++size_;
  }
  /// The first `count` of eight characters.
  void add(const char* eight, std::size_t count) {
    std::memcpy(make_room(8), eight, 8);
    size_ += count;
  }
  void add_escaped(char c) {
    char* const to = make_room(6);
    to[0] = '\\';
    to[1] = short_escape(c);
    size_ += 2;
    if (to[1] != 'u') return;
    constexpr std::string_view digits = "0123456789abcdef";
    to[2] = to[3] = '0';
    to[4] = digits[static_cast<unsigned char>(c) >> 4];
    to[5] = digits[static_cast<unsigned char>(c) & 15];
    size_ += 4;
  }

 private:
  static char short_escape(char c) {
    switch (c) {
      case '\n':
        return 'n';
      case '\r':
        return 'r';
      case '\t':
        return 't';
      default:
        return static_cast<unsigned char>(c) >= 0x20 ? c : 'u';  // a quote, or a backslash
    }
  }
  char* make_room(std::size_t count) {
    if (size_ + count > piece_.size()) flush();
    return piece_.data() + size_;
  }
  std::string& out_;
  std::array<char, 256> piece_;
  std::size_t size_ = 0;
};

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  piecewise to(out);
  to.add('"');
  std::size_t at = 0;
  while (at + 8 <= text.size()) {
    const auto* const eight = text.data() + at;
    const auto plain = plain_among(eight);
    to.add(eight, plain);
    at += plain;
    if (plain < 8) to.add_escaped(text[at++]);
  }
  for (const char c : text.substr(at))
    if (is_plain(c))
      to.add(c);
    else
      to.add_escaped(c);
  to.add('"');
  to.flush();
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
