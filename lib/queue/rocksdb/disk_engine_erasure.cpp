#include "queue/rocksdb/ballast.hpp"
#include "queue/rocksdb/disk_engine.hpp"

/// The engine's calls that forget a customer: the eraser's, behind the gate that close() shuts.
namespace cartrelay::queue::rocks {

void disk_engine::begin_erasure(customer_key who, std::vector<memory_entry> known,
                                reply<erasure_start> then) {
  std::shared_lock lock(gate_);
  if (closed_)
    then(fail(errc::stopped));
  else
    eraser_->begin(std::move(who), std::move(known), std::move(then));
}

void disk_engine::open_erasures(reply<std::vector<erasure_id>> then) {
  std::shared_lock lock(gate_);
  if (closed_)
    then(fail(errc::stopped));
  else
    eraser_->open_ones(std::move(then));
}

void disk_engine::erasable(erasure_id which, reply<std::vector<record>> then) {
  std::shared_lock lock(gate_);
  if (closed_)
    then(fail(errc::stopped));
  else
    eraser_->find(which, std::move(then));
}

void disk_engine::erase(erasure_id which, std::vector<sequence> numbers, std::vector<memory_entry> known,
                        base::timestamp now, reply<erasure_counts> then) {
  std::shared_lock lock(gate_);
  if (closed_)
    then(fail(errc::stopped));
  else
    eraser_->erase(which, std::move(numbers), std::move(known), now, std::move(then));
}

void disk_engine::finish_erasure(erasure_id which, reply<cleaning> then) {
  std::shared_lock lock(gate_);
  if (closed_)
    then(fail(errc::stopped));
  else
    eraser_->finish(which, std::move(then));
}

/// What may be used of the disk without coming below the floor.
std::optional<std::uint64_t> disk_engine::room_to_spare() const {
  const auto current = settings();
  const auto left = free_bytes(current.path);
  if (!left) return std::nullopt;
  return *left > current.min_free_disk ? *left - current.min_free_disk : 0;
}

}  // namespace cartrelay::queue::rocks
