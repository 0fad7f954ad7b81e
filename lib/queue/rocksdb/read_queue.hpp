#pragma once

#include "queue/engine.hpp"
#include "queue/rocksdb/store.hpp"
#include "queue/rocksdb/worker.hpp"

#include <memory>
#include <utility>

namespace cartrelay::queue::rocks {

/// What waits for the reader's thread. Nothing runs if the database could not be reopened, for the process
/// ends then; whoever asked is answered errc::read_only. Any thread.
class read_queue {
 public:
  /// Both outlive it, and what is queued.
  read_queue(const store& data, worker& reader) : data_(data), reader_(reader) {}

  /// Runs `work`, which gets `then` and answers by itself.
  template <class T, class Work>
  void look(reply<T> then, Work work) {
    reader_.post([this, then = std::move(then), work = std::move(work)]() mutable {
      if (data_.is_open())
        work(std::move(then));
      else
        then(queue::fail(errc::read_only));
    });
  }
  /// For what nobody waits for.
  void later(base::unique_function<void()> job) {
    reader_.post([this, job = std::move(job)]() mutable {
      if (data_.is_open()) job();
    });
  }
  /// Each step of the scan in its turn, until it says that it was the last. In between, the scan holds
  /// nothing of the database: that may be opened anew.
  template <class Scan>
  void slice(std::shared_ptr<Scan> scan) {
    reader_.post([this, scan = std::move(scan)]() mutable {
      if (!data_.is_open())
        scan->refuse(queue::fail(errc::read_only));
      else if (scan->step())
        slice(std::move(scan));
    });
  }

 private:
  const store& data_;
  worker& reader_;
};

}  // namespace cartrelay::queue::rocks
