#pragma once

#include "queue/rocksdb/index_rows.hpp"
#include "queue/rocksdb/patient_scan.hpp"
#include "queue/rocksdb/read_side.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace cartrelay::queue::rocks {

/// The events that the index names for a term, from the newest to the oldest. They are hints: an event may
/// be gone, or have another term of the same hash. Where a row of the index cannot be read, every event that
/// it may have named is a hint: slower, and none is missed. One thread.
class term_scan {
 public:
  enum class outcome {
    more,     ///< to be called again
    stopped,  ///< the visitor said so
    end       ///< there are no more that the log still has
  };
  using visitor = std::function<bool(sequence)>;  ///< false: enough

  /// Of the durable events before `before`. `side` outlives this.
  term_scan(const read_side& side, term_hash term, sequence before);

  /// Looks at `most` pages and events, about. In between it holds nothing of the database, which may be
  /// reopened or rewritten.
  outcome look(std::size_t most, const visitor& visit);
  /// All events from here on were looked at.
  [[nodiscard]] sequence before() const noexcept { return before_; }

 private:
  void read_notes();
  void read_page(std::optional<patient_scan>& pages);
  [[nodiscard]] std::optional<sequence> next_hint();
  bool take(const patient_scan& at);
  void suspect(sequence from);

  const read_side& side_;
  term_hash term_;
  sequence before_;
  std::vector<sequence> found_;  // the next one last
  sequence suspect_from_;        // any event from here up to before_ may have the term
  bool notes_read_ = false;
};

}  // namespace cartrelay::queue::rocks
