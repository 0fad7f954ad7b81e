#include "http/query_reader.hpp"

#include "base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace cartrelay::http {
namespace {

/// A short query is no way to ask for a long answer.
constexpr std::size_t most_faults = 100;

std::string escape_plus(std::string_view query) {
  std::string out;
  for (const char c : query) {
    if (c == '+')
      out += "%2B";
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string unknown_word(std::string_view word, std::span<const std::string_view> known) {
  if (const auto meant = base::nearest(word, known))
    return fmt::format("\"{}\" is unknown, did you mean \"{}\"?", word, *meant);
  return fmt::format("\"{}\" is unknown; known here: {}", word, fmt::join(known, ", "));
}

query_reader::query_reader(std::string_view query) {
  auto pairs = parse_query(query);
  if (!pairs) {
    faults_.push_back({"?", "the query holds a malformed escape", {}});
    return;
  }
  const auto named = [](const auto& pair) { return base::is_valid_utf8(pair.first); };
  if (!std::ranges::all_of(*pairs, named)) {
    faults_.push_back({"?", "the query holds a name that is not UTF-8", {}});
    return;
  }
  pairs_ = std::move(*pairs);
  literal_ = parse_query(escape_plus(query)).value();
  std::set<std::string_view> seen;
  for (const auto& [name, value] : pairs_) {
    if (!seen.insert(name).second) refuse(name, "given twice");
    if (!base::is_valid_utf8(value)) refuse(name, "not UTF-8");
  }
}

std::optional<std::string> query_reader::take(const pair_list& from, std::string_view name) {
  known_.emplace(name);
  const auto found = std::ranges::find(from, name, [](const auto& pair) { return pair.first; });
  if (found == from.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

std::optional<std::string> query_reader::text(std::string_view name) {
  return take(pairs_, name);
}

std::optional<std::string> query_reader::literal(std::string_view name) {
  return take(literal_, name);
}

std::optional<std::string> query_reader::exact(std::string_view name) {
  auto value = literal(name);
  if (value != text(name)) refuse(name, "a bare + may mean a space or a plus sign: write %20 or %2B");
  return value;
}

std::optional<base::timestamp> query_reader::time(std::string_view name) {
  const auto written = literal(name);
  if (!written) return std::nullopt;
  const auto at = base::parse_rfc3339(*written);
  if (!at) refuse(name, "expected a date and time with offset, such as 2026-11-21T10:00:00Z");
  return at;
}

std::size_t query_reader::count(std::string_view name, std::size_t fallback, std::size_t most) {
  const auto written = text(name);
  if (!written) return fallback;
  std::size_t value = 0;
  const auto* last = written->data() + written->size();
  const auto [end, failure] = std::from_chars(written->data(), last, value);
  if (failure == std::errc{} && end == last && value >= 1 && value <= most) return value;
  refuse(name, fmt::format("expected 1 to {}", most));
  return fallback;
}

std::optional<std::size_t> query_reader::choice(std::string_view name,
                                                std::span<const std::string_view> words) {
  const auto written = text(name);
  if (!written) return std::nullopt;
  const auto found = std::ranges::find(words, *written);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  refuse(name, unknown_word(*written, words));
  return std::nullopt;
}

void query_reader::refuse(std::string_view name, std::string words) {
  if (faults_.size() < most_faults) faults_.push_back({fmt::format("?{}", name), std::move(words), {}});
}

std::optional<response> query_reader::finish() {
  const std::vector<std::string_view> known(known_.begin(), known_.end());
  for (const auto& [name, value] : pairs_) {
    if (known_.contains(name)) continue;
    if (known.empty())
      refuse(name, "nothing is asked for here");
    else
      refuse(name, unknown_word(name, known));
  }
  if (faults_.empty()) return std::nullopt;
  return problem(400, "the query cannot be answered as it stands", faults_);
}

}  // namespace cartrelay::http
