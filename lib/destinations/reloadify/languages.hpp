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

  [[nodiscard]] bool empty() const noexcept { return fallback_.empty() && choices_.empty(); }
  /// The session's language, else the customer's, where it is one of the choices; else the fallback. A choice
  /// is matched whole first, then by prefix: `bg` takes `bg-BG`, letter case aside.
  [[nodiscard]] std::optional<std::string> of(const event::event& what) const;
  /// Where a cart that is gone may stand: of(what) if the event names a language at all. One that names none
  /// (a payment is often reported without a session) may be about a cart in any of them.
  [[nodiscard]] std::vector<std::string> possible(const event::event& what) const;

 private:
  std::string fallback_;
  std::vector<std::string> choices_;
};

}  // namespace cartrelay::destinations::reloadify
