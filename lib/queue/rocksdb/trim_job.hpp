#pragma once

#include "queue/options.hpp"
#include "queue/rocksdb/write_job.hpp"

namespace cartrelay::queue::rocks {

/// Drops finished events from the front of the log, in segments, some of them per group: one range deletion
/// per family for all that a group drops. Never looks at the backlog.
class trim_job final : public answering_job<std::uint64_t> {
 public:
  trim_job(const options& settings, base::timestamp now, receiver<std::uint64_t> then)
      : answering_job(std::move(then)), retention_(settings.retention), now_(now) {}

  progress apply(write_side& side, rocksdb::WriteBatch& batch) override;

 private:
  [[nodiscard]] sequence droppable_up_to(const write_side& side, sequence first, sequence needed) const;
  [[nodiscard]] sequence overdue_part(const write_side& side, sequence first, sequence end) const;
  [[nodiscard]] bool known_to_be_old(const write_side& side, sequence number,
                                     std::chrono::milliseconds age) const;
  [[nodiscard]] base::result<void> drop(write_side& side, rocksdb::WriteBatch& batch, sequence from,
                                        sequence to);

  std::chrono::milliseconds retention_;
  base::timestamp now_;
  std::uint64_t dropped_ = 0, budget_ = 0;
  bool early_ = false, started_ = false;
};

/// Tells RocksDB to free the files that hold nothing but what was trimmed. After the trim is durable; quick,
/// any thread.
void release_trimmed_files(store& data, sequence first, const std::vector<destination_id>& destinations);

}  // namespace cartrelay::queue::rocks
