#pragma once

#include "queue/rocksdb/write_job.hpp"

#include <string>
#include <vector>

namespace cartrelay::queue::rocks {

/// A record that cannot be read: its bytes, or none if its block cannot be read either.
struct torn_record {
  sequence number = 0;
  std::string bytes;
};

/// Sets records aside, once each: keeps their bytes, counts them, and ends them as discarded (reason
/// `corrupt`) wherever they were unfinished, so that every ledger still balances. Answers nobody.
class torn_job final : public write_job {
 public:
  torn_job(std::vector<torn_record> found, base::timestamp now) : found_(std::move(found)), now_(now) {}

  progress apply(write_side& side, rocksdb::WriteBatch& batch) override;
  void settle(const base::error* /*failure*/) override {}

 private:
  void set_aside(write_side& side, rocksdb::WriteBatch& batch, const torn_record& which) const;

  std::vector<torn_record> found_;
  base::timestamp now_;
};

}  // namespace cartrelay::queue::rocks
