#pragma once

#include "destinations/delivery.hpp"
#include "dispatch/condition.hpp"
#include "dispatch/outbox.hpp"
#include "dispatch/recollection.hpp"
#include "dispatch/surroundings.hpp"

#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

namespace cartrelay::dispatch {

/// What a destination's kind remembers, looked up for its deliveries: at hand if it was asked for lately, or
/// changed by a delivery whose end is not durable yet; else in the queue, with one question for many keys,
/// and never two at once for the same. Delivery thread; outlives the coroutines that wait in fetch().
class memory_lookup {
 public:
  using keys = std::vector<std::string>;

  /// `undurable` is the destination's, and outlives it.
  memory_lookup(const surroundings& around, queue::destination_id of, const outbox& undurable);

  /// Puts what is at hand into `into`, and returns the keys of the rest.
  [[nodiscard]] keys recall(keys wanted, destinations::memory& into);
  /// The same with the rest from the queue, all as it is when this ends. If the queue has to be asked, then
  /// also for what `soon` says will be wanted next. Fails if it could not be asked.
  [[nodiscard]] base::task<base::result<void>> fetch(keys wanted, std::function<keys()> soon,
                                                     destinations::memory& into);
  void note(const std::vector<destinations::memory_change>& changes, base::steady_time now);
  /// The queue was told by others to forget some of it.
  void forget() { recalled_.clear(); }

 private:
  base::task<base::result<void>> ask(keys asked, std::function<keys()> soon, destinations::memory& into);
  /// Whether it is at hand.
  bool recall_one(const std::string& key, destinations::memory& into);

  const surroundings& around_;
  queue::destination_id of_;
  const outbox& undurable_;
  recollection recalled_;
  std::unordered_set<std::string> asking_;  // keys that the queue is being asked for
  condition answered_;                      // of asking_
};

}  // namespace cartrelay::dispatch
