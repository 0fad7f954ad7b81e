#pragma once

#include "dispatch/pending_event.hpp"

#include <boost/container/small_vector.hpp>

#include <cstdint>
#include <unordered_map>

namespace cartrelay::dispatch {

/// Order per key: an event's turn has come when no earlier unfinished event shares one of its keys. Earlier
/// is what has the smaller number, and what is already under way: an event that is replayed takes its place
/// among those that wait. All of these stand in the same order in all their chains, so no two wait for each
/// other. Does not own the events; they may not move while they are in.
class key_chains {
 public:
  using few = boost::container::small_vector<pending_event*, 2>;

  /// Answers those that stand directly behind it: if their turn had come, it no longer has.
  few add(pending_event& what);
  /// True if its turn has come.
  [[nodiscard]] bool leads(const pending_event& what) const;
  /// It is under way no more, and takes its place among those that wait. Those that lead its chains instead,
  /// to be asked with leads().
  few put_back(pending_event& what);
  /// It ended. Those whose turn may have come by that, to be asked with leads().
  [[nodiscard]] few remove(const pending_event& what);
  [[nodiscard]] std::size_t size() const noexcept { return chains_.size(); }

 private:
  using chain = boost::container::small_vector<pending_event*, 1>;

  static chain::iterator place_of(const pending_event& what, chain& links);

  std::unordered_map<std::uint64_t, chain> chains_;
};

}  // namespace cartrelay::dispatch
