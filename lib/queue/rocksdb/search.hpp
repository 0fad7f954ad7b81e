#pragma once

#include "queue/engine.hpp"
#include "queue/rocksdb/read_side.hpp"
#include "queue/rocksdb/term_scan.hpp"

#include <optional>

namespace cartrelay::queue::rocks {

/// engine::search, in slices: other reads get their turn in between. A page ends when it is full or after
/// 20,000 candidates; then `next` says where to go on. With `since`, it also ends where events become older
/// than that by an hour: the clock may have been set back by less. What is damaged is left out; what the disk
/// does not give now fails the search.
class search_scan {
 public:
  search_scan(const read_side& side, receipt_query query, reply<receipt_page> then);

  /// Looks at some hundred candidates. False: the page was answered.
  bool step();
  void refuse(const base::error& why) { then_(why); }

 private:
  [[nodiscard]] bool step_log();
  [[nodiscard]] bool step_index();
  bool look_at(const std::optional<record>& candidate);
  bool consider(const record& candidate);
  bool stop();
  bool finish(std::optional<sequence> next);
  [[nodiscard]] bool exhausted() const;

  const read_side& side_;
  receipt_query query_;
  reply<receipt_page> then_;
  std::optional<term_scan> index_;  // nothing: the log itself is scanned
  sequence before_;
  std::size_t seen_ = 0;
  receipt_page page_;
  std::optional<base::error> failure_;  // that may pass
};

}  // namespace cartrelay::queue::rocks
