#pragma once

#include "event/event.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cartrelay::destinations::reloadify {

/// Which of the shop's languages at Reloadify an event belongs to: every cart lives in exactly one, and the
/// language is a part of its address there. Pure; any thread.
class languages {
 public:
  /// `fallback` may be empty if `choices` is not: then an event that names none of them has no language.
  languages(std::string fallback, std::vector<std::string> choices);

  /// The session's language, else the customer's, where it is one of the choices; else nothing. A choice is
  /// matched whole first, then by prefix: `bg` takes `bg-BG`, letter case aside.
  [[nodiscard]] std::optional<std::string> named(const event::event& what) const;
  /// Where its cart is put: named(what), else the fallback.
  [[nodiscard]] std::optional<std::string> of(const event::event& what) const;
  /// Wherever a cart can have been put; each once, the fallback first.
  [[nodiscard]] std::vector<std::string> all() const;

 private:
  std::string fallback_;
  std::vector<std::string> choices_;
};

}  // namespace cartrelay::destinations::reloadify
