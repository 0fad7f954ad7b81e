#include "queue/rocksdb/disk_engine.hpp"

/// The engine's calls that forget a customer: the eraser's, behind the gate that close() shuts.
namespace cartrelay::queue::rocks {

void disk_engine::begin_erasure(customer_key who, std::vector<memory_entry> known,
                                reply<erasure_start> then) {
  std::shared_lock lock(gate_);
  if (!refused(then)) eraser_->begin(std::move(who), std::move(known), std::move(then));
}

void disk_engine::open_erasures(reply<std::vector<erasure_id>> then) {
  std::shared_lock lock(gate_);
  if (!refused(then)) eraser_->open_ones(std::move(then));
}

void disk_engine::erasable(erasure_id which, reply<std::vector<record>> then) {
  std::shared_lock lock(gate_);
  if (!refused(then)) eraser_->find(which, std::move(then));
}

void disk_engine::erase(erasure_id which, std::vector<sequence> numbers, std::vector<memory_entry> known,
                        base::timestamp now, reply<erasure_counts> then) {
  std::shared_lock lock(gate_);
  if (!refused(then)) eraser_->erase(which, std::move(numbers), std::move(known), now, std::move(then));
}

void disk_engine::finish_erasure(erasure_id which, reply<cleaning> then) {
  std::shared_lock lock(gate_);
  if (!refused(then)) eraser_->finish(which, std::move(then));
}

}  // namespace cartrelay::queue::rocks
