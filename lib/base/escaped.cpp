#include "base/escaped.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <iterator>

namespace cartrelay::base {

std::string escaped(std::string_view text) {
  const bool utf8 = is_valid_utf8(text);
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f && (utf8 || byte < 0x80))
      out += c;
    else
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned>(byte));
  }
  return out;
}

}  // namespace cartrelay::base
