#pragma once

#include "event/fault.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace cartrelay::ingest {

/// What the log says of requests that were refused: how many, and of each of the first kinds that came its
/// status and what was wrong. Names of members that the catalogue does not have are the sender's own words,
/// and are left out as values are. One thread.
class refusals {
 public:
  static constexpr std::size_t most_kinds = 3;

  /// By its status alone.
  void note(int status);
  /// By the first fault of an event.
  void note(int status, const event::faults& found);
  /// Before it was read: for its framing, size or slowness.
  void note_unread() noexcept { ++unread_; }

  /// What came since it was asked last: `3 requests refused: 2 x 400 /data/order: required, 401`.
  [[nodiscard]] std::optional<std::string> take();

 private:
  void add(std::string kind);

  std::map<std::string, std::size_t> kinds_;
  std::size_t others_ = 0, unread_ = 0;
};

}  // namespace cartrelay::ingest
