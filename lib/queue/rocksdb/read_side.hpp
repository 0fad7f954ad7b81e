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
  std::function<void(std::vector<torn_record>)>
      torn;  ///< records that cannot be read, as often as they are met
};

}  // namespace cartrelay::queue::rocks
