#pragma once

#include "queue/rocksdb/write_job.hpp"

#include <map>
#include <optional>
#include <string>

namespace cartrelay::queue::rocks {

/// What an end needs of the store, read before anything changes.
struct end_needs {
  std::optional<std::string> record;  ///< for the copy of a dead letter
  std::optional<attempts> waited;     ///< what the queue knows of them, where the loop has not looked it up
};

/// One step of a destination's loop: all of it or, if the lease is stale or the step breaks an invariant,
/// nothing.
class commit_job final : public answering_job<void> {
 public:
  commit_job(lease held, queue::progress step, receiver<void> then)
      : answering_job(std::move(then)), held_(held), step_(std::move(step)) {}

  progress apply(write_side& side, rocksdb::WriteBatch& batch) override;

 private:
  [[nodiscard]] base::result<void> check(write_side& side, const unit& mine) const;
  [[nodiscard]] base::result<void> read_needs(const write_side& side, const unit& mine);
  void put_exceptions(write_side& side, rocksdb::WriteBatch& batch, unit& mine) const;
  void put_ends(write_side& side, rocksdb::WriteBatch& batch, unit& mine) const;
  void put_state(const write_side& side, rocksdb::WriteBatch& batch) const;

  lease held_;
  queue::progress step_;
  std::map<sequence, end_needs> needs_;  // of those ends that have some
};

/// Makes the name known, or finds the number that it has.
class register_job final : public answering_job<destination_id> {
 public:
  register_job(std::string name, receiver<destination_id> then)
      : answering_job(std::move(then)), name_(std::move(name)) {}

  progress apply(write_side& side, rocksdb::WriteBatch& batch) override;

 private:
  std::string name_;
};

/// Ends an unfinished event at one destination: totals, `ends`, and what its exception and copy leave behind.
/// Nothing if it has ended already. `needs`: of a dead letter and of a withdrawn event.
void end_event(write_side& side, rocksdb::WriteBatch& batch, unit& at, const end& told, end_needs needs = {});

}  // namespace cartrelay::queue::rocks
