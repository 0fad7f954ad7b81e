#include "event/trace.hpp"

namespace cartrelay::event {
namespace {

bool is_hexadecimal(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::string_view trace_id(const event& of) noexcept {
  // version "-" trace-id "-" parent-id "-" flags, and whatever later versions put behind them
  constexpr std::size_t version = 2, id = 32, parent = 16, flags = 2;
  constexpr std::size_t whole = version + 1 + id + 1 + parent + 1 + flags;
  if (!of.trace_parent || of.trace_parent->size() < whole) return {};
  const auto text = *of.trace_parent;
  const auto found = text.substr(version + 1, id);
  const bool formed = is_hexadecimal(text.substr(0, version)) && text[version] == '-' &&
                      is_hexadecimal(found) && text[version + 1 + id] == '-';
  return formed ? found : std::string_view{};
}

}  // namespace cartrelay::event
