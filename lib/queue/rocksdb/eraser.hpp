#pragma once

#include "base/clock.hpp"
#include "queue/engine.hpp"
#include "queue/rocksdb/cleaner.hpp"
#include "queue/rocksdb/erasure_record.hpp"
#include "queue/rocksdb/read_queue.hpp"
#include "queue/rocksdb/read_side.hpp"
#include "queue/rocksdb/writer.hpp"

#include <functional>
#include <optional>

namespace cartrelay::queue::rocks {

/// The engine's calls that forget a customer. Looking runs on the reader's thread in slices, changing on the
/// writer's, rewriting files on a thread of its own. Calls come from any thread, before stop().
class eraser {
 public:
  struct surroundings {
    store& data;
    const read_side& reads;
    read_queue& reader;
    writer& changes;
    const base::clock& time;
    std::string folder;
    std::function<std::optional<std::uint64_t>()> room;  ///< of the disk, for rewriting files
  };
  /// All of it outlives the eraser.
  explicit eraser(surroundings around);

  void begin(customer_key who, std::vector<memory_entry> known, reply<erasure_start> then);
  void open_ones(reply<std::vector<erasure_id>> then);
  void find(erasure_id which, reply<std::vector<record>> then);
  void erase(erasure_id which, std::vector<sequence> numbers, std::vector<memory_entry> known,
             base::timestamp now, reply<erasure_counts> then);
  void finish(erasure_id which, reply<cleaning> then);

  /// Runs `what` while no file is being rewritten.
  void alone(const std::function<void()>& what) { files_.alone(what); }
  /// Breaks off the rewriting of files; it is answered as not clean.
  void stop();

 private:
  void clean(erasure_id which, reply<cleaning> then);

  surroundings around_;
  cleaner cleaner_;
  erasure_id last_ = 0;  // the reader's thread
  worker files_{"files"};
};

}  // namespace cartrelay::queue::rocks
