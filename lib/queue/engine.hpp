#pragma once

#include "base/completion.hpp"
#include "base/error.hpp"
#include "queue/erasure.hpp"
#include "queue/errc.hpp"
#include "queue/inspect.hpp"
#include "queue/options.hpp"
#include "queue/progress.hpp"
#include "queue/types.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cartrelay::queue {

enum class durability { none, local_fsync, quorum_fsync };
struct capabilities {
  durability kind = durability::none;
  bool several_instances = false;
  std::chrono::milliseconds dedup_window{};
  std::size_t largest_event = 0;
  partition partitions = 1;
};

template <class T>
using reply = base::completion<base::result<T>>;

/// The durable log with independent readers: one copy of each event, N destinations that each have a
/// position, exceptions and ends.
///
/// Asynchronous: every call returns at once and never blocks on the disk; its reply comes on the caller's I/O
/// thread. Errors are values (queue::errc). Calls may come from any thread. An engine never sleeps, never
/// retries, and knows no vendor.
class engine {
 public:
  engine() = default;
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;
  virtual ~engine() = default;

  [[nodiscard]] virtual capabilities traits() const = 0;

  /// All or nothing, durable when the reply comes. A conflict anywhere stores nothing and still answers one
  /// outcome per event; duplicates (also inside `events`) are answered with the earlier sequence. errc::full,
  /// busy, disk_low, read_only, stopped: certainly not stored. errc::unknown: perhaps stored; the same call
  /// may be repeated.
  virtual void append(std::vector<new_event> events, reply<std::vector<append_outcome>> then) = 0;

  /// Events after `after`, ascending, gaps allowed. A damaged record is set aside, durably, before the batch
  /// that names it is answered. A failure may pass: nothing was skipped, ask again.
  virtual void read(partition part, sequence after, read_limits limits, reply<read_batch> then) = 0;
  /// Records by number, in the order asked; those that are gone are left out. Replayed events are found also
  /// after the log dropped them. Once they have `max_bytes`, those behind the last one answered were not
  /// looked at: ask again, until the answer is empty. A failure may pass: of none is it known that it is
  /// gone.
  virtual void fetch(partition part, std::vector<sequence> numbers, std::size_t max_bytes,
                     reply<std::vector<record>> then) = 0;

  /// The number under which a destination's name is known, made durable at the first call for that name.
  virtual void register_destination(std::string name, reply<destination_id> then) = 0;
  /// Where the destination stood, with so many of its exceptions whole: a replay may have made millions, each
  /// of a few KiB. A second acquire of the same unit makes the first lease stale.
  virtual void acquire(destination_id destination, partition part, std::size_t most_rows,
                       reply<unit_state> then) = 0;
  /// errc::stale_lease if another acquired the unit since. Several commits may be on their way; they take
  /// effect in the order of the calls.
  virtual void commit(lease held, progress step, reply<void> then) = 0;
  /// A destination's own memory: one entry per key, absent where nothing (or nothing valid at `now`) is
  /// known, or what is stored is damaged. errc::read_only where the disk does not give it.
  virtual void state(destination_id destination, std::vector<std::string> keys, base::timestamp now,
                     reply<std::vector<std::optional<std::string>>> then) = 0;

  virtual void find_receipt(partition part, sequence number, reply<receipt> then) = 0;  ///< errc::not_found
  virtual void find_receipt(std::string source, std::string id, reply<receipt> then) = 0;
  /// A failure may pass: a page leaves out nothing but what is damaged.
  virtual void search(receipt_query query, reply<receipt_page> then) = 0;
  /// A failure of this and the next may pass, as that of a search.
  virtual void dead_letters(dead_letter_query query, reply<dead_letter_page> then) = 0;
  /// The keys of all that match; limit and after are ignored.
  virtual void find_dead_letters(dead_letter_query which, reply<std::vector<dead_letter_key>> then) = 0;
  /// Back to work as exceptions that are due at once, with age_from = now and their history; answers which.
  /// Idempotent: what is no dead letter is passed over.
  virtual void requeue(dead_letter_selection which, base::timestamp now,
                       reply<std::vector<dead_letter_key>> then) = 0;
  virtual void discard(dead_letter_selection which, base::timestamp now,
                       reply<std::vector<dead_letter_key>> then) = 0;

  /// Begins to forget a customer: the events that were accepted until now. `known` is forgotten at once.
  /// Evidence of unreadable records that quote the value goes too, since nobody can tell whose it is, and so
  /// do their copies that cannot be read either.
  virtual void begin_erasure(customer_key who, std::vector<memory_entry> known,
                             reply<erasure_start> then) = 0;
  /// Those that a stop or a crash left unfinished.
  virtual void open_erasures(reply<std::vector<erasure_id>> then) = 0;
  /// Some of the events that are still to be erased; empty when there are none. A record that the log has
  /// dropped is routed to the destinations that own a copy. errc::corrupt: what has to be looked at cannot be
  /// read, nor later.
  virtual void erasable(erasure_id which, reply<std::vector<record>> then) = 0;
  /// Empties these events (those of them that are the customer's) and what is known of them, ends what is
  /// unfinished as discarded, and forgets `known`. Answers that a batch shared with them lose their words.
  /// What a loop ended before says that it was withdrawn (end::withdrawn).
  /// One call at a time: the next one comes when this has answered.
  virtual void erase(erasure_id which, std::vector<sequence> numbers, std::vector<memory_entry> known,
                     base::timestamp now, reply<erasure_counts> then) = 0;
  /// Rewrites the files, so that none holds what was erased before, and forgets the erasure itself. Takes as
  /// long as rewriting the queue takes, and holds up nobody. Not clean: it stays open, to be finished again.
  virtual void finish_erasure(erasure_id which, reply<cleaning> then) = 0;

  /// Drops finished events and receipts past their retention, and earlier near max_size; dead letters past
  /// theirs. Whole ranges, never past an unfinished event; a cursor that stands before what is left moves
  /// there. Answers how many log entries left. Makes the totals of ingest durable. Called now and then; in
  /// 1970 nothing is past its retention.
  virtual void trim(base::timestamp now, reply<std::uint64_t> then) = 0;

  /// Figures as of the last commit, consistent with each other. Any thread, cheap.
  [[nodiscard]] virtual queue_stats stats() const = 0;
  /// Why no events are taken now: errc::full, disk_low, read_only or stopped. Any thread, cheaper than
  /// stats().
  [[nodiscard]] virtual std::optional<errc> refusal() const = 0;

  /// Requests that ingest refused, for the totals: kept with the next write or trim. Any thread, never
  /// blocks.
  virtual void note_refused(std::uint64_t requests) = 0;
  /// New limits and periods, from now on; `engine` and `path` are not looked at. Any thread.
  virtual void configure(const options& settings) = 0;

  /// `wake` is called (on its mailbox's thread) after commits that appended events; several commits may be
  /// told by one call.
  virtual void on_append(base::mailbox where, base::unique_function<void()> wake) = 0;
  /// `failed` is called once if the storage can no longer be trusted: nothing is acknowledged from then on,
  /// and the process should end.
  virtual void on_failure(base::mailbox where, base::unique_function<void(base::error)> failed) = 0;

  /// Finishes what is queued, then answers errc::stopped to everything; the last call before destruction.
  /// Blocks until the threads ended.
  virtual void close() = 0;
};

}  // namespace cartrelay::queue
