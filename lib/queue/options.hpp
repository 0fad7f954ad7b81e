#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace cartrelay::queue {

struct options {
  std::string engine = "rocksdb";  ///< or `memory`: nothing survives the process
  std::string path = "/var/lib/cartrelay";
  std::uint64_t max_size = 10ull << 30;  ///< bytes; past it append answers errc::full
  /// Bytes left on the file system; below it append answers errc::disk_low. 0: no floor, and no ballast.
  std::uint64_t min_free_disk = 512ull << 20;
  static constexpr std::size_t usual_open_files = 512;
  std::size_t max_open_files = usual_open_files;                     ///< that are kept open for reading
  std::chrono::milliseconds retention = std::chrono::hours(24 * 7);  ///< of finished events
  std::chrono::milliseconds dead_letter_retention = std::chrono::hours(24 * 30);  ///< since the event ended
  std::chrono::milliseconds dedup_window = std::chrono::hours(24);  ///< within it a repeat is a duplicate
  bool accept_data_loss =
      false;  ///< command line only: open a damaged store after setting the damaged files aside

  friend bool operator==(const options&, const options&) = default;
};

/// From this size on finished events leave early.
[[nodiscard]] constexpr std::uint64_t nearly_full(std::uint64_t max_size) noexcept {
  return max_size - max_size / 10;
}

}  // namespace cartrelay::queue
