#pragma once

#include "queue/engine.hpp"
#include "queue/rocksdb/erasure_job.hpp"
#include "queue/rocksdb/erasure_record.hpp"
#include "queue/rocksdb/read_side.hpp"
#include "queue/rocksdb/term_scan.hpp"
#include "queue/rocksdb/write_job.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// What an erasure has to look at before it changes anything: on the reader's thread, in slices, so that
/// other reads get their turn in between.
namespace cartrelay::queue::rocks {

/// engine::open_erasures
[[nodiscard]] base::result<std::vector<erasure_id>> open_erasures(const read_side& side);

/// The record of an erasure; errc::not_found.
[[nodiscard]] base::result<erasure_record> find_erasure(const read_side& side, erasure_id which);

/// Records that could not be read when they were met, and whose bytes quote the value.
[[nodiscard]] base::result<std::vector<sequence>> torn_quoting(const read_side& side,
                                                               const customer_key& who);

/// engine::erasable: what the customer's index entries name; when nothing is left of that, what dead letters
/// and requeued events keep copies of, after the log dropped it.
class erasable_scan {
 public:
  erasable_scan(const read_side& side, erasure_record which, reply<std::vector<record>> then);
  bool step();  ///< false: answered
  void refuse(const base::error& why) { then_(why); }

 private:
  [[nodiscard]] bool step_index();
  [[nodiscard]] bool step_copies();
  void consider(std::optional<record> candidate);
  [[nodiscard]] bool full() const;
  bool finish();

  const read_side& side_;
  erasure_record which_;
  reply<std::vector<record>> then_;
  term_scan index_;
  bool in_index_ = true;
  std::string from_copies_;  // the next key
  std::vector<record> found_;
  std::size_t bytes_ = 0;
};

/// Rows of other events that shared a batch with these, and hold what the vendor answered to all of it (or,
/// as evidence, the request for all of it): see may_have_shared().
class shared_rows_scan {
 public:
  shared_rows_scan(const read_side& side, const std::vector<sequence>& numbers,
                   receiver<std::vector<shared_row>> then);
  bool step();  ///< false: answered
  void refuse(const base::error& why) { then_(why); }

 private:
  void look_at(destination_id id, sequence number);
  void widen(destination_id id, const attempts& tries);
  [[nodiscard]] bool was_shared(destination_id id, const attempts& tries) const;
  void consider(family from, std::string_view key, std::string_view value);

  const read_side& side_;
  std::set<sequence> own_;
  receiver<std::vector<shared_row>> then_;
  std::map<destination_id, std::vector<attempt_span>> spans_;
  std::optional<base::error> failure_;  // that may pass: of an own row
  std::size_t family_ = 0;              // of those that are searched
  std::string from_;
  std::vector<shared_row> found_;
};

}  // namespace cartrelay::queue::rocks
