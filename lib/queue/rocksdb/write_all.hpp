#pragma once

#include <unistd.h>

#include <cerrno>
#include <string_view>

namespace cartrelay::queue::rocks {

/// False, with errno: not all of it. A write that stops half-way (the disk is full behind it) tells why only
/// when it is gone on with.
[[nodiscard]] inline bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace cartrelay::queue::rocks
