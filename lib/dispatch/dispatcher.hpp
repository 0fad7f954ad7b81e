#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/mailbox.hpp"
#include "base/task.hpp"
#include "destinations/options.hpp"
#include "dispatch/equipment.hpp"
#include "dispatch/erasure_report.hpp"
#include "dispatch/memories.hpp"
#include "dispatch/status.hpp"
#include "queue/engine.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace cartrelay::dispatch {

/// A destination that events are routed to, with the number that the queue knows it by.
struct route {
  queue::destination_id id = 0;
  destinations::options options;
};
/// Immutable once made, so ingest's thread may hold a copy of the pointer.
using routing_table = std::shared_ptr<const std::vector<route>>;

struct change_report {
  std::vector<std::string> added, removed, changed, unchanged;  ///< destinations' names
};

/// One loop per destination: read, order, batch, send, judge, back off, record. Destinations share the reader
/// of the log and nothing else: each has its own connections, memory budget, breaker and rate.
///
/// Thread rules: everything on the one delivery thread that `where` belongs to. The engine and the clock
/// outlive it.
class dispatcher {
 public:
  /// `seed`: of all jitter. `make`: what destinations are made with.
  dispatcher(base::executor where, queue::engine& log, const base::clock& time, std::uint64_t seed,
             factories make = real_factories());
  dispatcher(const dispatcher&) = delete;
  dispatcher& operator=(const dispatcher&) = delete;
  ~dispatcher();

  /// Registers every destination, takes the leases, and begins to deliver. Nothing is begun if one fails.
  [[nodiscard]] base::task<base::result<void>> start(std::vector<destinations::options> all);
  /// A reload: all or nothing. Work in flight goes on under the old settings, order is kept. A destination
  /// that is gone or disabled keeps its backlog.
  [[nodiscard]] base::task<base::result<change_report>> apply(std::vector<destinations::options> all);
  /// No new attempts; waits for those in flight up to `drain`, then cancels them; records what is known. Ends
  /// when every loop ended.
  [[nodiscard]] base::task<> stop(std::chrono::milliseconds drain);

  /// Which enabled destinations get what is accepted from now on.
  [[nodiscard]] routing_table routes() const;
  /// In the order of the configuration, then those that are gone but still hold events. `held` is what the
  /// log says now: whoever shows more of it needs both to be of one moment.
  [[nodiscard]] std::vector<destination_status> status(const queue::queue_stats& held) const;
  [[nodiscard]] std::vector<destination_status> status() const;

  /// What those that want the event would find in their memories, were they to deliver it now.
  [[nodiscard]] base::task<base::result<memories>> remembered(event::event_ptr what);

  /// Sets when the event is tried next at those destinations where it is unfinished: absent where that is
  /// now, or where nobody knows.
  void foresee(queue::receipt& what) const;

  /// Gives the memory of events back that nobody used since the call before the last one. Called now and
  /// then.
  void grow_old();

  /// Every loop wakes when it is due. If not, the process needs a new start.
  [[nodiscard]] bool is_alive() const;

  /// Durable before they complete. False: no such destination.
  [[nodiscard]] base::task<base::result<bool>> pause(std::string name);
  [[nodiscard]] base::task<base::result<bool>> resume(std::string name);
  [[nodiscard]] base::task<base::result<std::size_t>> replay(queue::dead_letter_selection which);
  /// A whole destination (no reason, no date) that is not in the configuration loses its backlog with its
  /// dead letters: there is no other way to be rid of it.
  [[nodiscard]] base::task<base::result<std::size_t>> discard(queue::dead_letter_selection which);
  /// Forgets a customer (dispatch/erasures.hpp) and ends when nothing of them is left, files included; that
  /// may take minutes, and goes on whether somebody waits or not.
  [[nodiscard]] base::task<base::result<erasure_report>> erase(queue::customer_key who);

 private:
  class implementation;
  std::unique_ptr<implementation> self_;
};

}  // namespace cartrelay::dispatch
