#pragma once

#include "base/task_group.hpp"
#include "dispatch/attempt.hpp"
#include "dispatch/condition.hpp"
#include "dispatch/equipment.hpp"
#include "dispatch/lane.hpp"
#include "dispatch/memories.hpp"
#include "dispatch/memory_lookup.hpp"
#include "dispatch/narrator.hpp"
#include "dispatch/surroundings.hpp"
#include "queue/latency.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::dispatch {

/// Carries out what the lane of one destination decides: reads, sends, records. Whatever happens (an append,
/// an answer, a commit, a deadline) wakes the one coroutine that asks the lane what is to be done next;
/// everything that takes time runs beside it, and wakes it when it is done.
///
/// Thread rules: everything on the delivery thread. finish() ends before it is destroyed, if start() was
/// called.
class destination_loop {
 public:
  destination_loop(const surroundings& around, std::unique_ptr<equipment> with, queue::unit_state stood,
                   std::uint64_t seed);
  destination_loop(const destination_loop&) = delete;
  destination_loop& operator=(const destination_loop&) = delete;
  ~destination_loop();

  void start();
  /// There may be something new in the log.
  void wake();
  /// New settings: as soon as no request is under way under the old ones, which is not waited for here.
  void change(std::unique_ptr<equipment> to);
  /// In effect at once, durable when it completes. Fails if the queue takes nothing for the time being: it
  /// will be stored when that is over.
  [[nodiscard]] base::task<base::result<void>> pause(bool paused);
  void replayed(const std::vector<queue::sequence>& numbers);

  /// These events are to be forgotten (dispatch/erasures.hpp); those that are not routed here are passed
  /// over. How many unfinished ones ended at once; the others end when their attempt does.
  std::size_t withdraw(const std::vector<queue::record>& events);
  /// The same events again: those that came in since, by a replay.
  std::size_t withdraw_late(const std::vector<queue::record>& events);
  /// None of them is in an attempt, and what there is to say of them is durable.
  [[nodiscard]] bool is_rid_of(const std::vector<queue::record>& events);
  /// What the destination may remember of an event, or of a customer.
  [[nodiscard]] std::vector<queue::memory_entry> memory_of(const event::event& what) const;
  [[nodiscard]] std::vector<queue::memory_entry> memory_of(const event::customer& who) const;
  /// Adds what a delivery of the event would find, if there is to be one.
  void remember(const event::event& what, std::vector<half_known>& into);
  /// The queue was told to forget some of it.
  void forget_memory() { memory_.forget(); }

  /// No new attempts; those in flight may end until `drain` is over and are then cancelled; what is known is
  /// recorded. Ends when nothing runs. A second call shortens the first.
  [[nodiscard]] base::task<> finish(std::chrono::milliseconds drain);

  /// It wakes when it is due. False says that it is stuck: the service manager should know.
  [[nodiscard]] bool is_alive() const;
  [[nodiscard]] const destinations::options& options() const noexcept;
  [[nodiscard]] queue::destination_id id() const noexcept { return held_.destination; }
  /// `counts`: as the queue has them.
  [[nodiscard]] destination_status status(const queue::totals& counts) const;
  /// As lane::next_attempt.
  [[nodiscard]] std::optional<base::timestamp> next_attempt(queue::sequence number,
                                                            std::optional<base::timestamp> stored) const;

 private:
  [[nodiscard]] std::vector<queue::sequence> routed_here(const std::vector<queue::record>& events) const;
  template <class Ask>
  [[nodiscard]] std::vector<queue::memory_entry> ask_kinds(Ask ask) const;
  [[nodiscard]] instant now() const { return moment_of(around_.time); }
  base::task<> run();
  void pump(instant at);
  [[nodiscard]] bool over() const noexcept;
  void take_change(instant at);
  void read_on(instant at);
  /// What is shown of it, in the status and in the log.
  [[nodiscard]] destination_state shown_state(instant at) const;
  [[nodiscard]] std::string shown_reason(instant at) const;
  void tell_state(instant at);
  [[nodiscard]] static bool tells_all();
  static void tell(const std::vector<narrator::line>& lines);
  /// `reason`: of a dead letter that nobody was asked about; empty: it is none.
  void tell_dead_letter(queue::sequence number, const event::event_ptr& what, std::string_view reason,
                        instant at);
  base::task<> retire(std::unique_ptr<equipment> old);
  base::task<> record(queue::progress step);
  void halt(const base::error& why);

  base::task<> read();
  void offer(const queue::record& found, instant at);
  struct flaw {
    std::string reason, detail;
  };
  /// Or why there is none.
  [[nodiscard]] std::optional<flaw> make_plan(const event::event_ptr& what, event_plan& into) const;
  base::task<> bring_back(std::vector<lane::returning> wanted);
  base::task<base::result<void>> bring_back_all(std::vector<lane::returning> wanted);
  base::task<base::result<void>> bring_back_known(std::vector<queue::sequence> numbers);
  base::task<base::result<void>> bring_back_stored(queue::sequence number);
  void bring_back(queue::sequence number, const event::event_ptr& what, std::optional<queue::exception> row,
                  instant at);

  base::task<> deliver(batch what);
  [[nodiscard]] std::vector<event::event_ptr> events_at_hand(const std::vector<queue::sequence>& numbers);
  base::task<base::result<std::vector<event::event_ptr>>> fetch(std::vector<queue::sequence> numbers);
  [[nodiscard]] std::vector<std::string> memory_keys(const event::event& what) const;
  [[nodiscard]] std::vector<std::string> memory_keys(const std::vector<event::event_ptr>& events) const;
  [[nodiscard]] std::vector<std::string> memory_keys_of_soon() const;
  [[nodiscard]] bool is_to_be_left_alone(bool probe, instant at) const;
  base::task<const http::request*> next_request(attempt& made, bool probe);
  base::task<> send_all(attempt& made, const http::request* next, bool probe);
  void wake_sleepers();
  void give_up(const batch& what, const std::vector<event::event_ptr>& events);
  base::task<> durable(outbox::ticket due);
  base::task<> sleep_until(base::steady_time at);
  /// After a failure of the queue's, which is told now and then: it is not asked again at once.
  base::task<> rest(base::error why);

  const surroundings& around_;
  queue::lease held_;
  std::unique_ptr<equipment> with_, next_;
  lane lane_;
  memory_lookup memory_;
  narrator narrator_;
  queue::latency_window latency_;
  condition wake_;      // of run()
  condition idle_;      // of finish(): nothing is in flight, or the drain was shortened
  condition durable_;   // a step was made durable, or everything ends
  condition answered_;  // an attempt came on, or is over, or what waits for one is to look again
  base::steady_time due_ = base::steady_time::max();  // when run() wakes at the latest
  std::set<base::timer*> sleepers_;
  base::steady_time drain_until_{};
  std::optional<outbox::ticket> rid_at_;  // what the last withdrawn events left is durable then
  bool more_ = true;                      // the log may hold something after the lane's position
  bool reading_ = false;                  // or bringing back
  bool stopping_ = false;                 // finish() was called
  bool cancelled_ = false;                // and its drain is over
  bool halted_ = false;                   // the queue takes no more steps from here
  destination_state told_ = destination_state::active;
  std::optional<base::error> refused_;  // why the queue did not take a step, since the last pause
  base::steady_time unreadable_told_{};
  bool told_hold_ = false;  // that the vendor asked for a pause, not that it failed
  base::task_group group_;
};

}  // namespace cartrelay::dispatch
