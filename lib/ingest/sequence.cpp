#include "ingest/sequence.hpp"

#include <charconv>
#include <cstdint>
#include <limits>

namespace cartrelay::ingest {

namespace {

constexpr queue::sequence largest = std::numeric_limits<std::int64_t>::max();

}  // namespace

std::optional<queue::sequence> parse_sequence(std::string_view text) {
  queue::sequence number = 0;
  if (text.empty() || text.front() == '0') return std::nullopt;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size() || number > largest) return std::nullopt;
  return number;
}

}  // namespace cartrelay::ingest
