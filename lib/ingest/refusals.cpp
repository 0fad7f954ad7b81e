#include "ingest/refusals.hpp"

#include "base/ascii.hpp"
#include "base/counted.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace cartrelay::ingest {
namespace {

constexpr std::size_t longest_step = 32;

/// Whether a step of a pointer can be the catalogue's: a member, or the place in a list. The names of
/// attributes look like its members, and are the sender's.
bool is_ours(std::string_view step) {
  const auto fits = [](char c) { return base::is_small(c) || base::is_digit(c) || c == '_'; };
  const bool is_number = step.find_first_not_of("0123456789") == std::string_view::npos;
  return step.size() <= (is_number ? 5 : longest_step) && std::ranges::all_of(step, fits);
}

std::string place_of(const event::fault& what) {
  std::string_view rest = what.pointer;
  if (what.detail.starts_with("unknown member") || what.detail.starts_with("duplicate member"))
    rest = rest.substr(0, std::min(rest.rfind('/'), rest.size()));
  std::string out;
  std::string_view above;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('/', 1), rest.size());
    const auto step = rest.substr(1, end - 1);
    out.append("/").append(is_ours(step) && above != "attributes" ? step : "…");
    above = step;
    rest.remove_prefix(end);
  }
  return out;
}

}  // namespace

void refusals::note(int status) {
  add(std::to_string(status));
}

void refusals::note(int status, const event::faults& found) {
  const auto& first = found.list.front();
  const auto place = place_of(first);
  add(fmt::format("{} {}{}{}", status, place, place.empty() ? "" : ": ", first.detail));
}

void refusals::add(std::string kind) {
  if (kinds_.size() == most_kinds && !kinds_.contains(kind))
    ++others_;
  else
    ++kinds_[std::move(kind)];
}

std::optional<std::string> refusals::take() {
  std::size_t all = others_ + unread_;
  std::vector<std::string> words;
  const auto tell = [&words](std::size_t count, const std::string& kind) {
    if (count > 0) words.push_back(count == 1 ? kind : fmt::format("{} x {}", count, kind));
  };
  for (const auto& [kind, count] : std::exchange(kinds_, {})) {
    all += count;
    tell(count, kind);
  }
  tell(std::exchange(unread_, 0), "its framing, size or slowness");
  tell(std::exchange(others_, 0), "other");
  if (all == 0) return std::nullopt;
  return fmt::format("{} refused: {}", base::counted(all, "request"), fmt::join(words, ", "));
}

}  // namespace cartrelay::ingest
