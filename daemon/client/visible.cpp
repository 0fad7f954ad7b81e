#include "daemon/client/visible.hpp"

#include <fmt/format.h>

#include <iterator>

namespace cartrelay::daemon {
namespace {

struct character {
  unsigned code = 0xfffd;
  std::size_t length = 1;
};

/// What stands at the beginning; those of four bytes, of which a terminal obeys none, come byte by byte.
character first_of(std::string_view text) {
  const auto byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]) + 0u; };
  if (byte(0) < 0x80) return {byte(0), 1};
  if ((byte(0) & 0xe0) == 0xc0 && text.size() > 1) return {(byte(0) & 0x1f) << 6 | (byte(1) & 0x3f), 2};
  if ((byte(0) & 0xf0) == 0xe0 && text.size() > 2)
    return {(byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f), 3};
  return {};
}

bool is_obeyed(unsigned code) {
  const auto within = [code](unsigned first, unsigned last) { return code >= first && code <= last; };
  if (code == '\n' || code == '\t') return false;
  return code < 0x20 || within(0x7f, 0x9f) || code == 0x61c || within(0x200e, 0x200f) ||
         within(0x202a, 0x202e) || within(0x2066, 0x2069);
}

}  // namespace

std::string visible(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto next = first_of(text);
    if (is_obeyed(next.code))
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", next.code);
    else
      out += text.substr(0, next.length);
    text.remove_prefix(next.length);
  }
  return out;
}

}  // namespace cartrelay::daemon
