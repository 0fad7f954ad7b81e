#pragma once

#include "dispatch/batch_rules.hpp"
#include "dispatch/key_chains.hpp"
#include "dispatch/pending_event.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace cartrelay::dispatch {

/// The unfinished events that a destination has read: which of them may go now, in which order, and which of
/// them are too old. Bounded by whoever adds (`capacity` is kept by the lane). References stay good until the
/// event is removed.
class window {
 public:
  explicit window(batch_rules rules) : rules_(rules) {}

  [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }
  /// Not under way, and tried before.
  [[nodiscard]] std::size_t retrying() const noexcept { return retrying_; }
  [[nodiscard]] std::size_t ready() const noexcept { return ready_.size(); }
  [[nodiscard]] const batch_rules& rules() const noexcept { return rules_; }
  [[nodiscard]] const std::map<queue::sequence, pending_event>& all() const noexcept { return all_; }
  [[nodiscard]] pending_event* find(queue::sequence number);
  /// `change` leaves alone what events are ordered by.
  template <class Change>
  void for_each(Change change) {
    for (auto& [number, event] : all_)
      change(event);
  }

  pending_event& add(pending_event what, base::steady_time now);
  void remove(queue::sequence number, base::steady_time now);
  /// Everything that is here, out of here: to be planned again and added.
  [[nodiscard]] std::map<queue::sequence, pending_event> drain(batch_rules rules);

  /// What goes next: the highest rank first, within a rank the oldest, but nobody waits for one that keeps
  /// failing; a batch as large as the rules allow, or nothing while it is worth waiting for more. Events
  /// whose orders depend on each other are never together.
  [[nodiscard]] std::vector<pending_event*> form(base::steady_time now);
  /// One event to ask a doubtful vendor with: of those that were tried least, the one that lies so far along
  /// them (0 to below 1). Drawn at random it is no use to look where the vendor stumbles alone: at the
  /// oldest, at the newest, at one type.
  [[nodiscard]] pending_event* form_probe(double fraction, base::steady_time now);
  /// The first of those whose turn and time have come, as they will go.
  [[nodiscard]] std::vector<queue::sequence> next(std::size_t most) const;
  void take(pending_event& what);
  /// Taken, and not under way before its batch is taken again: it may grow too old.
  void plan(const pending_event& what) { enlist(what); }
  /// Taken, and not ended: `not_before` says when it may go again.
  void put_back(pending_event& what, base::steady_time now);

  /// Those not under way that are past their age, oldest deadline first.
  [[nodiscard]] std::vector<queue::sequence> expired(base::steady_time now) const;
  /// When form() may answer something else than now, and when the next event expires. Time alone.
  [[nodiscard]] std::optional<base::steady_time> next_ready(base::steady_time now) const;
  [[nodiscard]] std::optional<base::steady_time> next_expiry() const;
  [[nodiscard]] bool any_ready(base::steady_time now);

 private:
  using timed = std::set<std::pair<base::steady_time, queue::sequence>>;
  /// Who goes first: of two of one rank, one that fails again and again steps behind the other.
  using place = std::tuple<rank, bool, queue::sequence>;

  [[nodiscard]] static place place_of(const pending_event& what);

  /// Its turn has come: until its time has come too, it waits.
  void queue_up(pending_event& what, base::steady_time now);
  void make_ready(pending_event& what);
  /// Its turn has not come, or is over.
  void step_back(const pending_event& what);
  void wake(base::steady_time now);
  /// In and out of by_age_.
  void enlist(const pending_event& what);
  void strike(const pending_event& what);

  batch_rules rules_;
  std::map<queue::sequence, pending_event> all_;
  key_chains chains_;
  std::set<place> ready_;  // their turn has come, and their time
  timed lingering_;        // the ready ones by linger_until; only if batching
  std::size_t ready_bytes_ = 0;
  timed delayed_;             // their turn has come, their time not yet
  timed by_age_;              // all that are not under way
  std::size_t retrying_ = 0;  // of them
};

}  // namespace cartrelay::dispatch
