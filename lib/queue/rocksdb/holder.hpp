#pragma once

#include "base/error.hpp"
#include "base/time.hpp"

#include <string>

namespace cartrelay::queue::rocks {

/// Holds a folder against other processes as long as it lives: a lock on the file `holder` that the kernel
/// drops however the process ends. The file says who has it.
class holder {
 public:
  /// errc::locked names the process that has it; errc::disk_low or read_only where the system refuses.
  static base::result<holder> take(const std::string& folder, base::timestamp now);
  holder(holder&& other) noexcept;
  holder& operator=(holder&&) = delete;
  ~holder();

 private:
  explicit holder(int file) : file_(file) {}

  int file_;
};

}  // namespace cartrelay::queue::rocks
