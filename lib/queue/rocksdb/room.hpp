#pragma once

#include "queue/errc.hpp"
#include "queue/options.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cartrelay::queue::rocks {

/// For words about room.
inline constexpr std::uint64_t mebibyte = 1 << 20;

/// Whether there is room for more events: a floor of free disk space, left again only ten percent above it,
/// and the queue's own size, left again five percent below its maximum. Pure.
class room {
 public:
  room(std::uint64_t min_free_disk, std::uint64_t max_size)
      : min_free_disk_(min_free_disk), max_size_(max_size) {}

  /// New limits, judged at the next update.
  void configure(std::uint64_t min_free_disk, std::uint64_t max_size) {
    min_free_disk_ = min_free_disk;
    max_size_ = max_size;
  }
  /// `free_disk` absent: it could not be measured, and stays as it was.
  void update(std::optional<std::uint64_t> free_disk, std::uint64_t size);
  /// A write found no room: that is below the floor, whatever was measured.
  void exhausted() { disk_low_ = true; }
  /// errc::disk_low, errc::full, or nothing.
  [[nodiscard]] std::optional<errc> refusal() const;
  /// Within ten percent of the maximum: finished events should leave early.
  [[nodiscard]] bool near_full() const { return size_ >= nearly_full(max_size_); }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] std::uint64_t max_size() const { return max_size_; }
  [[nodiscard]] std::optional<std::uint64_t> free_disk() const { return free_; }
  /// What to say of a refusal: what there is, what is asked for, and by which setting. Ends without a stop.
  [[nodiscard]] std::string explain() const;

 private:
  std::uint64_t min_free_disk_, max_size_, size_ = 0;
  std::optional<std::uint64_t> free_;  // when it was last measured
  bool disk_low_ = false, full_ = false;
};

}  // namespace cartrelay::queue::rocks
