#pragma once

#include "queue/engine.hpp"
#include "queue/rocksdb/read_side.hpp"
#include "queue/rocksdb/write_job.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cartrelay::queue::rocks {

/// Walks the dead letters that match, ascending by key, in slices: other reads get their turn in between.
class dead_letter_scan {
 public:
  using visitor = std::function<bool(const dead_letter_key&, end&&)>;  ///< false: enough

  dead_letter_scan(const read_side& side, dead_letter_query query);

  enum class outcome { more, done, enough };
  /// What is damaged is stepped over; fails where the disk does not give what it may give another time.
  [[nodiscard]] base::result<outcome> step(const visitor& visit);

 private:
  const read_side& side_;
  dead_letter_query query_;
  std::string from_, to_;
};

/// engine::dead_letters
class dead_letter_page_scan {
 public:
  dead_letter_page_scan(const read_side& side, dead_letter_query query, reply<dead_letter_page> then);
  bool step();  ///< false: answered
  void refuse(const base::error& why) { then_(why); }

 private:
  const read_side& side_;
  std::size_t limit_;
  dead_letter_scan scan_;
  reply<dead_letter_page> then_;
  dead_letter_page page_;
  std::optional<base::error> unread_;
};

/// The keys that a selection means, handed to `then`.
class dead_letter_selection_scan {
 public:
  dead_letter_selection_scan(const read_side& side, const dead_letter_query& matching,
                             receiver<std::vector<dead_letter_key>> then);
  bool step();  ///< false: handed over
  void refuse(const base::error& why) { then_(why); }

 private:
  dead_letter_scan scan_;
  receiver<std::vector<dead_letter_key>> then_;
  std::vector<dead_letter_key> keys_;
};

}  // namespace cartrelay::queue::rocks
