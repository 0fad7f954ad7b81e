#include "queue/rocksdb/ballast.hpp"

#include "base/error.hpp"
#include "base/log.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace cartrelay::queue::rocks {

std::optional<std::uint64_t> free_bytes(const std::string& folder) {
  struct statvfs found {};
  if (::statvfs(folder.c_str(), &found) != 0) return std::nullopt;
  return static_cast<std::uint64_t>(found.f_bavail) * found.f_frsize;
}

ballast::ballast(const options& settings)
    : path_(settings.path + "/ballast"),
      size_(std::min<std::uint64_t>(settings.min_free_disk / 2, 256 << 20)),
      floor_(settings.min_free_disk + settings.min_free_disk / 10) {}

void ballast::lay(std::uint64_t free_disk) const {
  std::error_code missing;
  const auto stands = std::filesystem::file_size(path_, missing);
  if (!missing && stands > size_) {  // the floor was lowered: the room is wanted for something else
    give_up();
    free_disk += stands;
  }
  if (size_ == 0 || stands == size_ || free_disk < floor_ + size_) return;
  const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return;
  const int failure = ::posix_fallocate(file, 0, static_cast<off_t>(size_));
  ::close(file);
  if (failure == 0) return;
  base::log::warning("queue: no ballast could be laid: {}", base::system_message(failure));
  give_up();
}

bool ballast::give_up() const {
  std::error_code ignored;
  return std::filesystem::remove(path_, ignored);
}

}  // namespace cartrelay::queue::rocks
