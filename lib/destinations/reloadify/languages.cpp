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

event::text session_language(const event::event& what) {
  return what.data.session ? unless_empty(what.data.session->language) : std::nullopt;
}

event::text customer_language(const event::event& what) {
  return what.data.customer ? unless_empty(what.data.customer->language) : std::nullopt;
}

}  // namespace

languages::languages(std::string fallback, std::vector<std::string> choices)
    : fallback_(std::move(fallback)), choices_(std::move(choices)) {}

std::optional<std::string> languages::of(const event::event& what) const {
  for (const auto& tag : {session_language(what), customer_language(what)}) {
    if (!tag) continue;
    if (const auto* found = best(choices_, *tag)) return *found;
  }
  if (fallback_.empty()) return std::nullopt;
  return fallback_;
}

std::vector<std::string> languages::possible(const event::event& what) const {
  if (session_language(what) || customer_language(what)) {
    const auto one = of(what);
    return one ? std::vector{*one} : std::vector<std::string>{};
  }
  std::vector<std::string> all;
  if (!fallback_.empty()) all.push_back(fallback_);
  for (const auto& choice : choices_)
    if (std::find(all.begin(), all.end(), choice) == all.end()) all.push_back(choice);
  return all;
}

}  // namespace cartrelay::destinations::reloadify
