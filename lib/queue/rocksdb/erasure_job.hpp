#pragma once

#include "queue/rocksdb/erasure_record.hpp"
#include "queue/rocksdb/write_job.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cartrelay::queue::rocks {

/// A row of `ends`, `exceptions` or `dead_letters` whose words are about several events.
struct shared_row {
  family where{};
  std::string key;
};

/// engine::begin_erasure: the erasure becomes durable, and what is known to go goes.
class begin_erasure_job final : public answering_job<erasure_start> {
 public:
  /// `up_to` is set when the job runs: nothing that was accepted before is missed.
  begin_erasure_job(erasure_id number, customer_key who, std::vector<sequence> torn,
                    std::vector<memory_entry> known, base::timestamp now, receiver<erasure_start> then)
      : answering_job(std::move(then)),
        number_(number),
        who_(std::move(who)),
        torn_(std::move(torn)),
        known_(std::move(known)),
        now_(now) {}

  progress apply(write_side& side, rocksdb::WriteBatch& batch) override;

 private:
  [[nodiscard]] base::result<std::vector<std::string>> unreadable_copies(const write_side& side) const;

  erasure_id number_;
  customer_key who_;
  std::vector<sequence> torn_;
  std::vector<memory_entry> known_;
  base::timestamp now_;
};

/// engine::erase. Must see what earlier groups wrote, so it lets one group pass and goes first in the next.
/// Fails where the disk does not give what is to go: a repetition finds that still whole.
class erase_job final : public answering_job<erasure_counts> {
 public:
  erase_job(erasure_record which, std::vector<sequence> numbers, std::vector<shared_row> shared,
            std::vector<memory_entry> known, base::timestamp now, receiver<erasure_counts> then)
      : answering_job(std::move(then)),
        which_(std::move(which)),
        numbers_(std::move(numbers)),
        shared_(std::move(shared)),
        known_(std::move(known)),
        now_(now) {}

  progress apply(write_side& side, rocksdb::WriteBatch& batch) override;

 private:
  struct target;
  struct target_row;

  [[nodiscard]] bool must_wait(const write_side& side);
  [[nodiscard]] base::result<void> erase_event(write_side& side, rocksdb::WriteBatch& batch, sequence number);
  [[nodiscard]] base::result<std::optional<target>> find(const write_side& side, sequence number) const;
  [[nodiscard]] static base::result<void> find_rows(const write_side& side, target& of);
  void erase_at(write_side& side, rocksdb::WriteBatch& batch, const target& what, const target_row& row);
  [[nodiscard]] base::result<void> clear_words(write_side& side, rocksdb::WriteBatch& batch,
                                               const shared_row& row) const;

  erasure_record which_;
  std::vector<sequence> numbers_;
  std::vector<shared_row> shared_;
  std::vector<memory_entry> known_;
  base::timestamp now_;
  erasure_counts counts_;
  std::size_t next_row_ = 0;
  bool waited_ = false;
};

/// The last step of engine::finish_erasure.
class end_erasure_job final : public answering_job<void> {
 public:
  end_erasure_job(erasure_id number, receiver<void> then) : answering_job(std::move(then)), number_(number) {}

  progress apply(write_side& side, rocksdb::WriteBatch& batch) override;

 private:
  erasure_id number_;
};

/// An erasure is under way, another than `but`: it asks the ends of events that left the log which batches
/// they shared. True, too, where the disk does not tell.
[[nodiscard]] bool is_erasure_open(const store& data, std::optional<erasure_id> but = std::nullopt);

/// Deletes entries of destinations' memory; how many there were.
std::uint64_t forget_memory(write_side& side, rocksdb::WriteBatch& batch,
                            const std::vector<memory_entry>& keys);

}  // namespace cartrelay::queue::rocks
