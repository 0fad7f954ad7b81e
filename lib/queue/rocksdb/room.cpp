#include "queue/rocksdb/room.hpp"

#include <fmt/format.h>

namespace cartrelay::queue::rocks {

void room::update(std::optional<std::uint64_t> free_disk, std::uint64_t size) {
  if (free_disk) {
    const auto floor = disk_low_ ? min_free_disk_ + min_free_disk_ / 10 : min_free_disk_;
    disk_low_ = *free_disk < floor;
    free_ = free_disk;
  }
  size_ = size;
  full_ = size_ >= (full_ ? max_size_ - max_size_ / 20 : max_size_);
}

std::string room::explain() const {
  if (disk_low_)
    return fmt::format(
        "disk_low: {} MiB are free beside the queue, and queue.min_free_disk keeps {} MiB free",
        free_.value_or(0) / mebibyte, min_free_disk_ / mebibyte);
  if (full_)
    return fmt::format("queue_full: the queue has {} MiB, and queue.max_size is {} MiB", size_ / mebibyte,
                       max_size_ / mebibyte);
  return "there is room";
}

std::optional<errc> room::refusal() const {
  if (disk_low_) return errc::disk_low;
  if (full_) return errc::full;
  return std::nullopt;
}

}  // namespace cartrelay::queue::rocks
