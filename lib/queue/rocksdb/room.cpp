#include "queue/rocksdb/room.hpp"

namespace cartrelay::queue::rocks {

void room::update(std::optional<std::uint64_t> free_disk, std::uint64_t size) {
  if (free_disk) {
    const auto floor = disk_low_ ? min_free_disk_ + min_free_disk_ / 10 : min_free_disk_;
    disk_low_ = *free_disk < floor;
  }
  size_ = size;
  full_ = size_ >= (full_ ? max_size_ - max_size_ / 20 : max_size_);
}

std::optional<errc> room::refusal() const {
  if (disk_low_) return errc::disk_low;
  if (full_) return errc::full;
  return std::nullopt;
}

}  // namespace cartrelay::queue::rocks
