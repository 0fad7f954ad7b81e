#pragma once

#include "queue/progress.hpp"
#include "queue/rocksdb/read_side.hpp"
#include "queue/rocksdb/worker.hpp"
#include "queue/rocksdb/write_job.hpp"

namespace cartrelay::queue::rocks {

/// engine::acquire: a new epoch first, durable; then what the new owner needs to know, read by the reader.
class acquire_job final : public write_job {
 public:
  acquire_job(destination_id destination, partition part, std::size_t most_rows, const read_side& side,
              worker& reader, reply<unit_state> then)
      : most_rows_(most_rows), side_(side), reader_(reader), then_(std::move(then)) {
    found_.held = {destination, part, 0};
  }

  progress apply(write_side& side, rocksdb::WriteBatch& batch) override;
  void settle(const base::error* failure) override;

 private:
  std::size_t most_rows_;
  const read_side& side_;
  worker& reader_;
  reply<unit_state> then_;
  unit_state found_;
  bool known_ = false;
};

/// Completes `found`, whose lease, cursor, control and totals are set, with so many whole rows.
/// errc::read_only if the database could not be reopened since then.
[[nodiscard]] base::result<unit_state> load_unit(const read_side& side, unit_state found,
                                                 std::size_t most_rows);

/// engine::state
[[nodiscard]] base::result<std::vector<std::optional<std::string>>> read_state(
    const read_side& side, destination_id destination, const std::vector<std::string>& keys,
    base::timestamp now);

}  // namespace cartrelay::queue::rocks
