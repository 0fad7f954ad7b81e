#pragma once

#include "base/random.hpp"
#include "destinations/options.hpp"
#include "dispatch/attempt_result.hpp"
#include "dispatch/batch_rules.hpp"
#include "dispatch/cart_history.hpp"
#include "dispatch/consequence.hpp"
#include "dispatch/governor.hpp"
#include "dispatch/instant.hpp"
#include "dispatch/outbox.hpp"
#include "dispatch/rate_meter.hpp"
#include "dispatch/status.hpp"
#include "dispatch/window.hpp"
#include "queue/progress.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cartrelay::dispatch {

/// What bounds a lane's memory.
struct lane_limits {
  std::size_t capacity = 8'192;  ///< unfinished events in memory
  /// No new attempts while the ends of so many wait for the queue, a commit group's worth. What a crash may
  /// repeat is fewer than that, and as many as fit into the attempts that may be under way at once.
  std::size_t repeatable_ends = 256;
  std::size_t undurable_ends = 2'048;  ///< of any kind: nothing more is read while so many wait for the queue
  std::size_t ended_ahead = 2'048;     ///< more ends after the cursor than that, and it is moved on
  /// A destination that is being served reads no further while so many wait for nothing but their turn: they
  /// should still be in the cache when it comes. At least two batches.
  std::size_t ready_ahead = 2'048;
  /// While attempts go on, a step that nobody waits for is taken so long after the one before, or when so
  /// many ends have come together: each costs a sync, however little it says.
  std::chrono::milliseconds step_every{20};
  /// The same where attempts wait for it, before they send, and others are under way: vendors take longer.
  std::chrono::milliseconds awaited_step_every{4};
  std::size_t ends_per_step = 128;
};

/// Everything that is decided for one destination, and nothing done: no socket, no clock, no queue, no
/// event's body. Whoever drives it reads the log and offers what it finds, carries out the batches that
/// take() gives, hands back what they came to, and makes step() durable:
///
///   offer(…), pass(position)  ·  take(now) → batch → finish(batch, result)  ·  step() → committed()
///
/// The loop drives it in the daemon, the simulation in its tests. Memory is bounded by the limits, whatever
/// the backlog, but for the number of each event that comes back (by a replay, maybe millions). One thread at
/// a time.
class lane {
 public:
  /// `stood` is where the queue says that the destination stood, with `capacity` rows at most.
  lane(const destinations::options& given, batch_rules rules, queue::unit_state stood, instant now,
       std::uint64_t seed, lane_limits limits = {});

  // --- what comes in

  /// The log may be read on after position(). False while there is no room, or older events are to come
  /// first.
  [[nodiscard]] bool wants_events(instant now) const;
  [[nodiscard]] queue::sequence position() const noexcept { return position_; }
  /// An event after position() that is routed here, ascending. What ended, or came back, before the log was
  /// read so far is passed over: false.
  bool offer(queue::sequence number, base::timestamp received_at, const event_plan& plan, instant now);
  /// Such an event that cannot be decoded, or that the kind cannot cope with.
  bool offer_broken(queue::sequence number, std::string reason, std::string detail, instant now);
  /// Everything up to `to` was looked at.
  void pass(queue::sequence to) noexcept { position_ = to; }

  /// Unfinished events from before a restart, from replays, and whatever has to be planned anew: they come
  /// before what is read from the log. The next of them, ascending, as many as there is room for.
  struct returning {
    queue::sequence number = 0;
    bool needs_row = false;  ///< its exception is not in memory: look it up and give it to bring_back()
  };
  [[nodiscard]] std::vector<returning> wants_back(std::size_t most) const;
  /// False: what is known of it says that it has ended.
  bool bring_back(queue::sequence number, base::timestamp received_at, const event_plan& plan,
                  std::optional<queue::exception> row, instant now);
  /// It cannot be brought back: its record is gone or broken. `row`: as in bring_back.
  bool bring_back_broken(queue::sequence number, std::string reason, std::string detail,
                         std::optional<queue::exception> row, instant now);
  /// There is nothing to bring back: the event has ended.
  void forget(queue::sequence number) { returning_.erase(number); }
  /// Dead letters that were made work again, or may have been. What came back by an earlier replay, and has
  /// ended, stays ended: the queue's row of it is there until that end is durable.
  void replayed(const std::vector<queue::sequence>& numbers);

  // --- what is to be done

  /// Lets time pass: ends what is too old.
  void tick(instant now);
  /// How many events that did since this was asked last.
  [[nodiscard]] std::size_t take_expired() noexcept { return std::exchange(expired_, 0); }
  /// Those that were marked when the process before this one ended, since the last call.
  [[nodiscard]] std::size_t take_in_doubt() noexcept { return std::exchange(in_doubt_, 0); }
  /// The next attempt, if one may begin now.
  [[nodiscard]] std::optional<batch> take(instant now);
  /// Before the first request goes out: what must be durable by then. Absent: nothing. `request` is that
  /// request's summary: after a crash it is all that says what was under way.
  [[nodiscard]] std::optional<outbox::ticket> prepare(const batch& what,
                                                      std::vector<destinations::memory_change> changes,
                                                      instant now, const std::string& request = {});
  /// What take() will probably give next: worth having at hand.
  [[nodiscard]] std::vector<queue::sequence> soon(std::size_t most) const { return window_.next(most); }
  [[nodiscard]] governor& gates() noexcept { return gates_; }
  [[nodiscard]] const governor& gates() const noexcept { return gates_; }
  /// What became of each of its events.
  std::vector<consequence> finish(const batch& what, const attempt_result& came, instant now);
  [[nodiscard]] std::size_t in_flight() const noexcept { return under_way_; }  ///< attempts
  /// When take() or tick() may have something to do by time alone.
  [[nodiscard]] std::optional<base::steady_time> next_wakeup(instant now) const;

  // --- what is to be made durable

  /// The next step, if there is something to tell and none is on its way.
  [[nodiscard]] std::optional<queue::progress> step(instant now);
  void committed();
  /// Not durable; again after a while, and nothing new is sent before.
  void refused(instant now);
  [[nodiscard]] const outbox& records() const noexcept { return outbox_; }
  [[nodiscard]] bool settled() const noexcept { return outbox_.empty() && !outbox_.on_its_way(); }

  // --- what operators do and see

  [[nodiscard]] outbox::ticket pause(bool paused, instant now);
  /// These events, which are routed here, are to be forgotten: those that are unfinished end as discarded, in
  /// flight when their attempt is over. None of them begins another attempt. How many ended now.
  std::size_t withdraw(const std::vector<queue::sequence>& numbers, instant now);
  /// Whether one of them is still in an attempt.
  [[nodiscard]] bool holds(const std::vector<queue::sequence>& numbers) const;
  /// What the vendor said to batches is forgotten in memory: any of them may have held such an event.
  void forget_shared_answers();
  /// While closed, nothing is read and no attempt begins.
  void close(bool closed) noexcept { closed_ = closed; }
  /// New settings, while nothing is in flight. Every pending event has to be brought back, planned by them.
  void change(const destinations::options& given, batch_rules rules, instant now);

  /// As the gates are; but where nothing is left that could be a probe, and what comes next will go at once,
  /// it is active.
  [[nodiscard]] destination_state state(instant now) const;
  [[nodiscard]] std::string reason(instant now) const;

  struct view {
    std::uint64_t in_flight = 0, retrying = 0;
    std::optional<base::timestamp> oldest_pending, last_success_at, next_attempt_at;
    std::optional<destination_status::failure> last_error;
    std::optional<double> ends_per_second;
  };
  [[nodiscard]] view look(instant now) const;
  /// When an unfinished event is tried next, as far as that is known and not now: nobody is sent anything
  /// before his own delay and the destination's are over. `stored`: what its row says, if it has one.
  [[nodiscard]] std::optional<base::timestamp> next_attempt(queue::sequence number,
                                                            std::optional<base::timestamp> stored,
                                                            instant now) const;
  /// Events in memory: for tests and the simulation.
  [[nodiscard]] std::size_t held() const noexcept { return window_.size() + returning_.size(); }

 private:
  struct waiting_return {
    std::unique_ptr<queue::exception> row;   // as stored, if it is in memory
    std::unique_ptr<pending_event> planned;  // as it was before change()
  };

  void end(queue::end&& what, instant now);
  /// The same for an event of the window, which it leaves.
  void end_pending(pending_event& what, queue::end&& how, instant now);
  void end_unsendable(queue::sequence number, const event_plan& plan, past* before, instant now);
  void end_in_doubt(queue::exception row, instant now);
  [[nodiscard]] std::unique_ptr<pending_event> revive(queue::sequence number,
                                                      std::optional<queue::exception> row,
                                                      base::timestamp received_at, instant now);
  pending_event& admit(pending_event what, instant now);
  void join_cart(pending_event& held, instant now);
  void bound_cart(const event_plan& by, queue::sequence number);
  void supersede_older(const pending_event& by, instant now);
  void supersede(pending_event& older, queue::sequence by, instant now);
  [[nodiscard]] queue::sequence newer_snapshot(const pending_event& what);
  [[nodiscard]] bool stays_in_history(const pending_event& what, const queue::end& how) const;
  void forget_overtaking();
  [[nodiscard]] static queue::exception row_of(const pending_event& what);
  outbox::ticket write_row(pending_event& what);
  outbox::ticket mark(pending_event& what, const std::string& request, instant now);
  [[nodiscard]] bool was_passed(queue::sequence number);
  outbox::ticket store_control(instant now);

  [[nodiscard]] batch make_batch(const std::vector<pending_event*>& events, bool probe);
  [[nodiscard]] std::vector<pending_event*> take_planned(bool probe);
  bool unplan(queue::sequence number);
  [[nodiscard]] bool is_ahead(queue::sequence number) const;
  [[nodiscard]] signal weigh(const batch& what, const attempt_result& came) const;
  /// An attempt that is over, as far as all its events share it.
  struct aftermath {
    const attempt_result& came;
    bool alone;       // it was of one event
    double fraction;  // of the first backoffs' ceilings: what failed together comes back together once
    instant now;
  };
  consequence settle(pending_event& what, const destinations::judgement& judged, queue::attempts tries,
                     const aftermath& all);
  void postpone(pending_event& what, const destinations::judgement& judged, queue::attempts tries,
                const aftermath& all);
  /// It waits again; or how it ended instead.
  std::optional<consequence> give_back(pending_event& what, instant now);
  [[nodiscard]] queue::attempts tried(const pending_event& what, const attempt_result& came,
                                      const batch& in) const;
  void note_failure(const attempt_result& came, instant now);
  [[nodiscard]] bool may_take(instant now) const;
  [[nodiscard]] bool awaits_older() const;

  void look_at_returning(view& out) const;
  [[nodiscard]] bool is_only_doubted(instant now) const;
  [[nodiscard]] std::optional<base::steady_time> next_ready(instant now) const;
  /// When what may go from `own` on does go, as next_attempt().
  [[nodiscard]] std::optional<base::timestamp> past_gates(base::steady_time own, instant now) const;
  void move_cursor();
  void move_on_past_waiting();
  [[nodiscard]] queue::sequence before_first_without_row() const;
  /// Until when the next step waits for more to tell; absent: not at all.
  [[nodiscard]] std::optional<base::steady_time> step_waits_until(instant now) const;

  lane_limits limits_;
  destinations::options given_;
  governor gates_;
  base::random_source random_;
  dispatch::window window_;
  std::chrono::milliseconds linger_;
  cart_history carts_;
  std::map<queue::sequence, waiting_return> returning_;
  std::map<queue::sequence, event_plan> overtaking_;  // snapshots that were delivered while others come back
  std::deque<std::vector<queue::sequence>> planned_;  // batches that bisecting asks for, before all others
  outbox outbox_;

  std::uint64_t epoch_;
  queue::sequence cursor_, position_, stored_cursor_;
  std::vector<queue::sequence> ended_;   // after the cursor
  std::vector<queue::sequence> passed_;  // ended before the restart, descending: not to be offered again
  std::uint64_t next_batch_ = 1;
  std::size_t under_way_ = 0;
  std::uint64_t events_under_way_ = 0;
  bool closed_ = false;
  base::steady_time retry_step_at_{};  // after a refused step
  base::steady_time stepped_at_{};     // the last step was taken

  rate_meter ends_;
  std::size_t expired_ = 0, in_doubt_ = 0;
  std::optional<base::timestamp> last_success_at_;
  std::optional<destination_status::failure> last_error_;
};

}  // namespace cartrelay::dispatch
