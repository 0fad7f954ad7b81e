#pragma once

#include "queue/rocksdb/write_job.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cartrelay::queue::rocks {

/// Requeues or discards dead letters by key, in slices of a group each. Those that are none (any more) are
/// passed over; the answer names the others. Fails where the disk does not give one now: nothing of its slice
/// is changed.
class dead_letter_job final : public answering_job<std::vector<dead_letter_key>> {
 public:
  enum class verb { requeue, discard, expire };
  dead_letter_job(verb what, std::vector<dead_letter_key> keys, base::timestamp now,
                  receiver<std::vector<dead_letter_key>> then)
      : answering_job(std::move(then)), what_(what), keys_(std::move(keys)), now_(now) {}

  progress apply(write_side& side, rocksdb::WriteBatch& batch) override;

 private:
  /// As the store has it.
  struct letter {
    dead_letter_key key;
    end ended;
    std::optional<std::string> from_log;  // the record, where its copy is gone
  };

  [[nodiscard]] base::result<std::optional<letter>> find(write_side& side,
                                                         const dead_letter_key& which) const;
  bool settle_one(write_side& side, rocksdb::WriteBatch& batch, letter found);
  void requeue(write_side& side, rocksdb::WriteBatch& batch, unit& mine, const letter& found) const;
  void give_up(write_side& side, rocksdb::WriteBatch& batch, unit& mine, end was) const;

  verb what_;
  std::vector<dead_letter_key> keys_, done_;
  base::timestamp now_;
  std::size_t next_ = 0;
};

}  // namespace cartrelay::queue::rocks
