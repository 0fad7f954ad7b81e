#pragma once

#include "queue/next_try.hpp"
#include "queue/rocksdb/append_job.hpp"
#include "queue/rocksdb/figures.hpp"
#include "queue/rocksdb/write_job.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace cartrelay::queue::rocks {

/// The one thread that writes. It takes everything that was queued while the last sync ran (appends up to a
/// cap), makes one batch of it, syncs once, and answers all. After the first failed write nothing is
/// acknowledged any more: what stood in that batch may come back at the next opening. Only where the failure
/// was a want of room does it wait for some, have the store opened anew (as often as that takes), and go on.
class writer {
 public:
  struct hooks {
    std::function<std::optional<std::uint64_t>()> free_disk;  ///< asked at most every 100 ms
    std::function<void(bool appended)> committed;    ///< after each durable group, before it is answered
    std::function<void()> idle;                      ///< nothing is queued any more
    std::function<bool()> give_room;                 ///< frees what was kept for this; false: nothing is left
    std::function<base::result<void>()> reopen;      ///< the store and the books, from what is durable
    std::function<void(const base::error&)> failed;  ///< once
  };

  /// All of it outlives the writer. `side` must not be used by others until stop() returned.
  writer(write_side& side, figures& told, hooks calls);
  writer(const writer&) = delete;
  writer& operator=(const writer&) = delete;
  ~writer();

  /// Refused jobs are settled on the calling thread, with errc::busy if too much is queued.
  void append(std::unique_ptr<append_job> job);
  void submit(std::unique_ptr<write_job> job);
  /// New limits, for the next group and while it waits for room. From any thread.
  void configure(const options& settings);
  /// From any thread: the storage cannot be trusted any more; with errc::disk_low, until it was reopened.
  void fail(const base::error& why);
  [[nodiscard]] bool failed() const;
  /// Blocks until nothing is queued or under way.
  void drain();
  /// Finishes what is queued and ends the thread; what comes later is settled with errc::stopped.
  void stop();

 private:
  struct group {
    std::vector<std::unique_ptr<append_job>> appends;
    std::vector<std::unique_ptr<write_job>> others;
    std::size_t room = 4096;  // that its batch will need, about
  };

  void run();
  [[nodiscard]] group take();
  void keep_to(const options& settings);
  void commit(group& work);
  void refuse_for_room(group& work, const base::error& why);
  void write(group& work, rocksdb::WriteBatch& batch, bool appended);
  void settle(group& work, const base::error* failure);
  void measure(bool even_if_recent);
  void wait_for_work(std::unique_lock<std::mutex>& lock);
  void try_to_reopen();
  void put_off(const base::error& why);
  [[nodiscard]] std::optional<base::error> out_of_service() const;

  write_side& side_;
  figures& told_;
  hooks calls_;
  std::chrono::steady_clock::time_point measured_;
  std::optional<std::uint64_t> free_;  // of the disk, when that was last measured
  std::optional<errc> told_refusal_;   // in the log
  next_try reopening_;

  mutable std::mutex mutex_;
  std::condition_variable work_, idle_;
  std::deque<std::unique_ptr<append_job>> appends_;
  std::deque<std::unique_ptr<write_job>> others_;
  std::size_t queued_bytes_ = 0;
  std::optional<options> wanted_;  // not taken over yet
  bool busy_ = false, stopping_ = false;
  std::optional<base::error> failure_;
  bool wants_room_ = false;  // the failure may pass
  std::thread thread_;       // last: it uses the others
};

}  // namespace cartrelay::queue::rocks
