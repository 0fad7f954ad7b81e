#pragma once

#include "queue/rocksdb/write_job.hpp"

namespace cartrelay::queue::rocks {

/// One step of a destination's loop: all of it or, if the lease is stale or the step breaks an invariant,
/// nothing.
class commit_job final : public answering_job<void> {
 public:
  commit_job(lease held, queue::progress step, receiver<void> then)
      : answering_job(std::move(then)), held_(held), step_(std::move(step)) {}

  progress apply(write_side& side, rocksdb::WriteBatch& batch) override;

 private:
  [[nodiscard]] base::result<void> check(write_side& side, const unit& mine) const;
  void put_exceptions(write_side& side, rocksdb::WriteBatch& batch, unit& mine) const;
  void put_ends(write_side& side, rocksdb::WriteBatch& batch, unit& mine) const;
  void put_state(const write_side& side, rocksdb::WriteBatch& batch) const;

  lease held_;
  queue::progress step_;
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
/// Nothing if it has ended already.
void end_event(write_side& side, rocksdb::WriteBatch& batch, unit& at, const end& told);

}  // namespace cartrelay::queue::rocks
