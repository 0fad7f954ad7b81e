#pragma once

#include "base/mailbox.hpp"
#include "base/task.hpp"
#include "dispatch/event_cache.hpp"
#include "queue/calls.hpp"
#include "queue/engine.hpp"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cartrelay::dispatch {

/// Reads the log for all destinations: those that stand at the same place, or close behind each other, share
/// one read and one decoding. Memory is bounded by the cache, a few stretches of the log, and what is asked
/// for by number at once.
///
/// Thread rules: everything on the delivery thread. The engine outlives it, and it outlives its coroutines.
class log_reader {
 public:
  struct stretch {
    std::shared_ptr<const queue::read_batch> what;
    bool at_end = false;  ///< nothing stood after it just now
  };

  log_reader(base::executor where, queue::engine& log, base::mailbox box);

  /// Something was appended: whoever joins a read that began before cannot take its end for the log's. Before
  /// anybody is woken by that.
  void note_append() noexcept { ++appended_; }
  /// What follows `after`: records up to there are to be passed over by the caller.
  [[nodiscard]] base::task<base::result<stretch>> read_after(queue::sequence after);
  /// The event that the record holds; nothing if it cannot be decoded.
  [[nodiscard]] event::event_ptr event_of(const queue::record& from);
  /// Nothing if it is not in memory.
  [[nodiscard]] event::event_ptr at_hand(queue::sequence number) { return cache_.find(number); }
  /// The events of these numbers, in their order; nothing in the place of one that is gone or cannot be
  /// decoded. `soon` will be asked for next: the trip to the log brings those of them for which there is
  /// room.
  [[nodiscard]] base::task<base::result<std::vector<event::event_ptr>>> events(
      std::vector<queue::sequence> numbers, std::vector<queue::sequence> soon);
  /// Lets go of what was not used since the call before the last one.
  void grow_old();
  /// Nothing of these events is handed out any more, but to reads that are under way.
  void forget(const std::vector<queue::sequence>& numbers);

 private:
  struct flight;  // a read under way that others may join
  struct trip;    // the same for single events

  base::task<std::optional<base::error>> bring(std::vector<queue::sequence> numbers, std::size_t needed,
                                               std::shared_ptr<trip> mine);
  void remember(queue::sequence after, std::shared_ptr<const queue::read_batch> what);
  [[nodiscard]] std::optional<stretch> recent(queue::sequence after) const;

  base::executor where_;
  queue::engine& log_;
  base::mailbox box_;
  event_cache cache_;
  std::deque<std::pair<queue::sequence, std::shared_ptr<const queue::read_batch>>>
      recent_;  // by what they follow; the newest last
  std::map<queue::sequence, std::shared_ptr<flight>> flights_;
  std::unordered_map<queue::sequence, std::shared_ptr<trip>> trips_;  // by each number that they bring
  std::uint64_t appended_ = 0;                                        // how often something was
  std::uint64_t forgotten_ = 0;  // how often: a read that began before is not remembered
};

}  // namespace cartrelay::dispatch
