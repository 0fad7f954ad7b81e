#pragma once

#include "queue/options.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cartrelay::queue::rocks {

/// What is left on the file system of a folder, for us; nothing if it cannot be measured.
[[nodiscard]] std::optional<std::uint64_t> free_bytes(const std::string& folder);

/// A file that takes up room for one purpose: a database whose disk was filled (by whomever) cannot be opened
/// again, because recovery itself writes. Giving the file up makes that room.
class ballast {
 public:
  /// Half of the free-space floor, 256 MiB at most; none without a floor.
  explicit ballast(const options& settings);

  /// Allocates the file unless it stands already, and only where the floor is kept with it: it never takes
  /// the last room itself. One that is larger than it should be is given up before. Failing to is no failure
  /// of the queue.
  void lay(std::uint64_t free_disk) const;
  /// True if there was one.
  bool give_up() const;

 private:
  std::string path_;
  std::uint64_t size_, floor_;
};

}  // namespace cartrelay::queue::rocks
