#include "ingest/sequence.hpp"

#include <charconv>

namespace cartrelay::ingest {

std::optional<queue::sequence> parse_sequence(std::string_view text) {
  queue::sequence number = 0;
  if (text.empty() || text.front() == '0') return std::nullopt;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace cartrelay::ingest
