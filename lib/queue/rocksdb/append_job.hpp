#pragma once

#include "queue/rocksdb/write_job.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace cartrelay::queue::rocks {

/// Stores a call's events, or none of them. look_up() comes before apply().
class append_job final : public answering_job<std::vector<append_outcome>> {
 public:
  /// On the caller's thread, what needs no number yet is done at once: the writer's time is dearer.
  append_job(const hash_keys& keys, std::vector<new_event> given, receiver<std::vector<append_outcome>> then);

  /// For the caps of a group and of the queue.
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::size_t events() const noexcept { return events_.size(); }

  /// What the store knows of the idempotency keys of all these jobs, in one read.
  static void look_up(const write_side& side, std::span<const std::unique_ptr<append_job>> jobs);
  progress apply(write_side& side, rocksdb::WriteBatch& batch) override;

 private:
  /// What will be written of an event, and what the store has under its idempotency key.
  struct candidate {
    std::string key;
    event_value value;
    std::vector<term_hash> terms;
    std::optional<identity> stored;
  };

  [[nodiscard]] std::optional<base::error> refusal(write_side& side) const;
  [[nodiscard]] bool decide(const write_side& side, std::vector<append_outcome>& outcomes) const;
  void put(write_side& side, rocksdb::WriteBatch& batch, std::size_t which, sequence number) const;

  std::vector<new_event> events_;
  std::vector<candidate> candidates_;
  std::optional<base::error> unread_;  // what the store knows of a key was not to be had
  std::size_t bytes_ = 0;
};

}  // namespace cartrelay::queue::rocks
