#pragma once

#include "queue/rocksdb/figures.hpp"
#include "queue/rocksdb/records.hpp"
#include "queue/rocksdb/store.hpp"
#include "queue/rocksdb/torn_job.hpp"

#include <functional>
#include <vector>

namespace cartrelay::queue::rocks {

/// What reads work on. They run on the reader's thread, and see only what is durable.
struct read_side {
  const store& data;
  const figures& told;
  const hash_keys& hashes;
  /// Records that are damaged, as often as they are met. `then` is told when they are set aside for good, on
  /// the writer's thread.
  std::function<void(std::vector<torn_record>, receiver<void> then)> torn;
  /// Data loss is accepted: what the disk does not give counts as damaged.
  bool gives_up = false;

  /// Not to be had by asking again.
  [[nodiscard]] bool is_lost(const rocksdb::Status& status) const {
    return !status.ok() && (gives_up || !may_pass(status));
  }
};

}  // namespace cartrelay::queue::rocks
