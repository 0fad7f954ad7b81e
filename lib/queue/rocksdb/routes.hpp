#pragma once

#include "queue/rocksdb/records.hpp"
#include "queue/rocksdb/segment.hpp"
#include "queue/rocksdb/store.hpp"

#include <functional>
#include <set>
#include <vector>

namespace cartrelay::queue::rocks {

/// What `routes` says of [from, to), in order, cut to that range. What cannot be read of it is passed over,
/// and told: Corruption if it is damaged, else why the disk did not give it, which may pass. Any thread.
rocksdb::Status for_each_run(const store& data, sequence from, sequence to,
                             const std::function<void(sequence first, const route_run&)>& visit);

/// What the entry that holds `number` says of it and what follows, if the entry begins before it. Reads and
/// tells as for_each_run() does. Any thread.
rocksdb::Status rest_of_entry(const store& data, sequence number, std::vector<route_run>& out);

/// Which destinations an event goes to, for the writer: it meets every event once when it is appended and
/// again for each end. The last 65,536 that it met are in memory; others are read in runs. The writer's
/// thread only.
class routes {
 public:
  explicit routes(const store& data);

  /// An event that is being appended.
  void note(sequence number, const std::vector<destination_id>& to);
  /// What was noted since the last call.
  void write_to(rocksdb::WriteBatch& batch);
  /// The store was opened anew: what was noted last may not be in it.
  void forget();
  /// Null: nothing is known of such an event. Fails if the disk does not give what is.
  [[nodiscard]] base::result<const std::vector<destination_id>*> of(sequence number);

 private:
  struct slot {
    sequence number = 0;
    const std::vector<destination_id>* to = nullptr;
  };
  struct entry {
    sequence first;
    std::vector<route_run> runs;
  };

  void remember(sequence number, const std::vector<destination_id>& to);
  rocksdb::Status load_around(sequence number);

  const store& data_;
  std::set<std::vector<destination_id>> kinds_;  // few: one per combination of destinations
  std::vector<slot> recent_;
  std::vector<entry> noted_;
};

}  // namespace cartrelay::queue::rocks
