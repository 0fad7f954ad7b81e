#pragma once

#include "queue/progress.hpp"

#include <cstdint>
#include <set>
#include <string>

namespace cartrelay::queue {

/// Where one destination stands, and its totals: the rules that every engine shares. An event is finished,
/// for this destination, if it stands up to the cursor and is no exception, or after the cursor and is known
/// to have ended. Everything here is memory; the engine makes it durable. Its size follows the exceptions and
/// what ended out of order, never the backlog. One thread at a time.
class unit {
 public:
  unit() = default;
  unit(destination_id number, std::string called, sequence start)
      : id(number), name(std::move(called)), cursor(start) {}

  destination_id id = 0;
  std::string name;
  std::uint64_t epoch = 0;
  sequence cursor = 0;
  totals counts;
  std::string control;

  [[nodiscard]] bool finished(sequence number) const;
  [[nodiscard]] bool waits(sequence number) const;
  [[nodiscard]] bool owns_copy(sequence number) const { return with_copy_.contains(number); }
  [[nodiscard]] std::uint64_t waiting() const noexcept { return leaning_.size() + with_copy_.size(); }
  [[nodiscard]] const std::set<sequence>& ended_after() const noexcept { return ended_after_; }

  /// An unfinished event is an exception from now on. With a copy of its own it does not need the log.
  void wait(sequence number, bool copy);
  /// An unfinished event ends.
  void finish(sequence number, end_state how);
  /// The total alone, of an event that has ended.
  void count_end(end_state how);
  void count_attempts(const progress& step);
  /// A dead letter becomes work again, with a copy of its own.
  void revive(sequence number);
  /// A dead letter is given up.
  void give_up_dead_letter();
  /// Never moves back. The caller vouches that everything up to `to` is finished or waits.
  void advance(sequence to);
  /// While loading: an end that stands after the cursor.
  void remember_end(sequence number) { ended_after_.insert(number); }

  /// The first sequence that the log must keep for this destination; `next` if it needs nothing.
  [[nodiscard]] sequence needs_from(sequence next) const;

 private:
  std::set<sequence> leaning_;    // exceptions that need the log's record
  std::set<sequence> with_copy_;  // exceptions that have their own
  std::set<sequence> ended_after_;
};

}  // namespace cartrelay::queue
