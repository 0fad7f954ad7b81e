#pragma once

#include "queue/listeners.hpp"
#include "queue/rocksdb/engine.hpp"
#include "queue/rocksdb/eraser.hpp"
#include "queue/rocksdb/ledger.hpp"
#include "queue/rocksdb/marker.hpp"
#include "queue/rocksdb/opening.hpp"
#include "queue/rocksdb/read_queue.hpp"
#include "queue/rocksdb/read_side.hpp"
#include "queue/rocksdb/routes.hpp"
#include "queue/rocksdb/worker.hpp"
#include "queue/rocksdb/writer.hpp"

#include <shared_mutex>

namespace cartrelay::queue::rocks {

/// The engine on RocksDB: every change goes to the writer's thread, every look to the reader's.
class disk_engine final : public engine {
 public:
  disk_engine(const options& settings, const base::clock& time, surroundings around, opened_store opened,
              std::unique_ptr<ledger> books, open_marker mark);
  ~disk_engine() override;

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

  /// Where there is room for it and none stands.
  void lay_ballast();

 private:
  template <class T, class Work>
  void look(reply<T> then, Work work);
  template <class T>
  bool refused(reply<T>& then) const {
    if (closed_) then(fail(errc::stopped));
    return closed_;
  }
  void settle_dead_letters(dead_letter_selection which, base::timestamp now, bool again,
                           reply<std::vector<dead_letter_key>> then);
  void sweep_dead_letters(base::timestamp now, receiver<void> then);
  void after_commit(bool appended);
  void mark();
  void sync_marker();
  base::result<void> reopen();
  void save_totals();
  [[nodiscard]] writer::hooks writer_hooks(surroundings& around);

  [[nodiscard]] options settings() const;
  [[nodiscard]] std::optional<std::uint64_t> room_to_spare() const;

  mutable std::mutex settings_mutex_;
  options settings_;
  const base::clock& time_;
  opened_store opened_;
  std::unique_ptr<ledger> books_;
  routes routing_;
  term_index terms_;
  write_side writes_;
  figures told_;
  read_side reads_;
  listeners listeners_;
  std::optional<base::timestamp> swept_at_;  // the reader's thread
  open_marker marker_;
  std::chrono::steady_clock::time_point marked_at_;  // the writer's thread
  std::uint64_t marked_ = 0;                         // the writer's thread

  mutable std::shared_mutex gate_;  // shared: a call is being queued; exclusive: close() shuts
  bool closed_ = false;
  worker reader_{"read"};
  read_queue lookups_;
  writer writer_;                   // its thread uses everything above
  std::unique_ptr<eraser> eraser_;  // last: it uses both threads
};

}  // namespace cartrelay::queue::rocks
