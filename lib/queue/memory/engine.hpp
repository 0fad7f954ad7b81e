#pragma once

#include "queue/engine.hpp"
#include "queue/listeners.hpp"
#include "queue/memory/tables.hpp"
#include "queue/options.hpp"

#include <functional>
#include <mutex>
#include <vector>

namespace cartrelay::queue::memory {

/// The queue without a disk, for tests and trials: everything happens on the calling thread, under one lock;
/// replies come through the mailbox like any engine's. Nothing survives the object.
///
/// Switches for tests stand below. hold() is the moment between a write and its sync.
class memory_engine final : public engine {
 public:
  explicit memory_engine(const options& settings);
  ~memory_engine() override;

  [[nodiscard]] capabilities traits() const override;
  void append(std::vector<new_event> events, reply<std::vector<append_outcome>> then) override;
  void read(partition part, sequence after, read_limits limits, reply<read_batch> then) override;
  void fetch(partition part, std::vector<sequence> numbers, std::size_t max_bytes,
             reply<std::vector<record>> then) override;
  void register_destination(std::string name, reply<destination_id> then) override;
  void acquire(destination_id destination, partition part, std::size_t most_rows,
               reply<unit_state> then) override;
  void commit(lease held, progress step, reply<void> then) override;
  void state(destination_id destination, std::vector<std::string> keys, base::timestamp now,
             reply<std::vector<std::optional<std::string>>> then) override;
  void find_receipt(partition part, sequence number, reply<receipt> then) override;
  void find_receipt(std::string source, std::string id, reply<receipt> then) override;
  void search(receipt_query query, reply<receipt_page> then) override;
  void dead_letters(dead_letter_query query, reply<dead_letter_page> then) override;
  void find_dead_letters(dead_letter_query which, reply<std::vector<dead_letter_key>> then) override;
  void requeue(dead_letter_selection which, base::timestamp now,
               reply<std::vector<dead_letter_key>> then) override;
  void discard(dead_letter_selection which, base::timestamp now,
               reply<std::vector<dead_letter_key>> then) override;
  void begin_erasure(customer_key who, std::vector<memory_entry> known, reply<erasure_start> then) override;
  void open_erasures(reply<std::vector<erasure_id>> then) override;
  void erasable(erasure_id which, reply<std::vector<record>> then) override;
  void erase(erasure_id which, std::vector<sequence> numbers, std::vector<memory_entry> known,
             base::timestamp now, reply<erasure_counts> then) override;
  void finish_erasure(erasure_id which, reply<cleaning> then) override;
  void trim(base::timestamp now, reply<std::uint64_t> then) override;
  [[nodiscard]] queue_stats stats() const override;
  [[nodiscard]] std::optional<errc> refusal() const override;
  void note_refused(std::uint64_t requests) override;
  void configure(const options& settings) override;
  void on_append(base::mailbox where, base::unique_function<void()> wake) override;
  void on_failure(base::mailbox where, base::unique_function<void(base::error)> failed) override;
  void close() override;

  /// The n-th append from now on (1: the next) answers `how` and stores nothing.
  void fail_append(std::uint64_t n, errc how);
  /// The n-th commit from now on answers `how` and changes nothing.
  void fail_commit(std::uint64_t n, errc how);
  /// The n-th write of any kind from now on takes effect, and is answered errc::unknown: what a store may
  /// hold that failed at a sync and was opened again.
  void doubt(std::uint64_t n);
  /// The n-th erasable() from now on answers `how`.
  void fail_erasable(std::uint64_t n, errc how);
  /// Until it is lifted with nothing, appends answer this (full, disk_low).
  void refuse_appends(std::optional<errc> why);
  /// The storage failed: on_failure is told, and everything that writes answers errc::read_only.
  void break_storage();
  /// From now on nothing is synced: writes take effect, and their replies wait.
  void hold();
  /// Syncs what was held, and answers it.
  void sync();
  /// Forgets what was not synced: those replies become errc::unknown, and every lease is stale.
  void crash();

 private:
  struct countdown {
    std::uint64_t left = 0;
    errc how{};
    [[nodiscard]] std::optional<errc> tick();
  };

  template <class T, class Work>
  void write(reply<T> then, Work work);
  template <class T, class Work>
  void look(reply<T> then, Work work) const;
  [[nodiscard]] std::optional<base::error> out_of_service() const;
  [[nodiscard]] std::optional<errc> refusal_now() const;

  options settings_;
  listeners listeners_;
  mutable std::mutex mutex_;
  tables now_;
  std::optional<tables> synced_;  // while held
  std::vector<base::unique_function<void(const base::error*)>> held_;
  bool held_appends_ = false, closed_ = false, broken_ = false;
  countdown append_fault_, commit_fault_, erasable_fault_, doubt_;
  std::optional<errc> refusal_;
};

/// Runs `work` and answers at once, or when it is synced.
template <class T, class Work>
void memory_engine::write(reply<T> then, Work work) {
  std::lock_guard lock(mutex_);
  if (const auto refused = out_of_service()) {
    then(*refused);
    return;
  }
  const auto before = now_.next;
  base::result<T> outcome = work();
  if (const auto lost = doubt_.tick()) outcome = fail(*lost);
  const bool appended = now_.next != before;
  if (synced_) {
    held_appends_ = held_appends_ || appended;
    held_.emplace_back(
        [then = std::move(then), outcome = std::move(outcome)](const base::error* failure) mutable {
          then(failure != nullptr ? base::result<T>(*failure) : std::move(outcome));
        });
    return;
  }
  then(std::move(outcome));
  if (appended) listeners_.appended();
}

template <class T, class Work>
void memory_engine::look(reply<T> then, Work work) const {
  std::lock_guard lock(mutex_);
  if (closed_)
    then(fail(errc::stopped));
  else
    then(work(synced_ ? *synced_ : now_));
}

}  // namespace cartrelay::queue::memory
