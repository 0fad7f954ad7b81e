#include "destinations/reloadify/languages.hpp"

#include "destinations/mapping.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace cartrelay::destinations::reloadify {
namespace {

/// The longest choice that covers the tag: `pt-BR` before `pt`.
const std::string* best(const std::vector<std::string>& choices, std::string_view tag) {
  const std::string* found = nullptr;
  for (const auto& choice : choices)
    if (language_covers(choice, tag) && (!found || choice.size() > found->size())) found = &choice;
  return found;
}

}  // namespace

languages::languages(std::string fallback, std::vector<std::string> choices)
    : fallback_(std::move(fallback)), choices_(std::move(choices)) {}

std::optional<std::string> languages::named(const event::event& what) const {
  for (const auto& tag : {session_language(what), customer_language(what)}) {
    if (!tag) continue;
    if (const auto* found = best(choices_, *tag)) return *found;
  }
  return std::nullopt;
}

std::optional<std::string> languages::of(const event::event& what) const {
  auto one = named(what);
  if (!one && !fallback_.empty()) one = fallback_;
  return one;
}

std::vector<std::string> languages::all() const {
  std::vector<std::string> out;
  if (!fallback_.empty()) out.push_back(fallback_);
  for (const auto& choice : choices_)
    if (std::find(out.begin(), out.end(), choice) == out.end()) out.push_back(choice);
  return out;
}

}  // namespace cartrelay::destinations::reloadify
