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
/// `corrupt`) wherever they were unfinished, so that every ledger still balances. Fails if the disk does not
/// tell what has to be known for one of them: whoever met it must come back.
class torn_job final : public answering_job<void> {
 public:
  torn_job(std::vector<torn_record> found, base::timestamp now, receiver<void> then)
      : answering_job(std::move(then)), found_(std::move(found)), now_(now) {}

  progress apply(write_side& side, rocksdb::WriteBatch& batch) override;

 private:
  [[nodiscard]] base::result<void> look_at(write_side& side, rocksdb::WriteBatch& batch,
                                           const torn_record& which) const;
  void set_aside(write_side& side, rocksdb::WriteBatch& batch, const torn_record& which,
                 const std::vector<destination_id>& to) const;

  std::vector<torn_record> found_;
  base::timestamp now_;
};

}  // namespace cartrelay::queue::rocks
