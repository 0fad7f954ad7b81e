#pragma once

#include "queue/rocksdb/index_rows.hpp"
#include "queue/rocksdb/read_side.hpp"

#include <memory>
#include <string>
#include <vector>

namespace cartrelay::queue::rocks {

/// The events that the index names for a term, from the newest to the oldest. They are hints: an event may
/// be gone, or have another term of the same hash. One thread.
class term_scan {
 public:
  enum class outcome {
    found,   ///< before() is an event with the term
    passed,  ///< nothing in this row
    end      ///< there are no more that the log still has
  };

  /// Of the durable events before `before`. `side` outlives this.
  term_scan(const read_side& side, term_hash term, sequence before);

  /// Looks at one page more, at most; first at the notes. errc::corrupt if a row cannot be read.
  base::result<outcome> next();
  /// All events from here on were looked at.
  [[nodiscard]] sequence before() const noexcept { return before_; }

 private:
  [[nodiscard]] base::result<void> read_notes();
  void open_pages();
  bool take(const rocksdb::Iterator& at);

  const read_side& side_;
  term_hash term_;
  sequence before_;
  std::vector<sequence> found_;  // the next one last
  bool notes_read_ = false;
  std::string low_, high_;  // of the pages
  rocksdb::Slice lower_, upper_;
  std::unique_ptr<rocksdb::Iterator> pages_;
};

}  // namespace cartrelay::queue::rocks
