#include "queue/rocksdb/marker.hpp"

#include "base/digest.hpp"
#include "queue/errc.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

namespace cartrelay::queue::rocks {
namespace {

constexpr std::string_view title = "cartrelay-queue 1";

std::string body(const marker& value) {
  return fmt::format("{}\nstore {}\nlast {}\n", title, value.store, value.last);
}

base::error system_failure(std::string_view what, const std::string& path) {
  return fail(errc::read_only, fmt::format("cannot {} {}: {}", what, path, std::strerror(errno)));
}

bool write_synced(const std::string& path, std::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const bool done =
      ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fdatasync(file) == 0;
  const int failure = errno;
  ::close(file);
  errno = failure;
  return done;
}

bool sync_folder(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return false;
  const bool done = ::fsync(file) == 0;
  ::close(file);
  return done;
}

}  // namespace

base::result<std::optional<marker>> read_marker(const std::string& folder) {
  std::ifstream in(folder + "/marker", std::ios::binary);
  if (!in) return std::optional<marker>();
  std::stringstream content;
  content << in.rdbuf();
  std::istringstream words(content.str());
  std::string cartrelay, version, store_word, last_word, sum_word, sum;
  marker value;
  words >> cartrelay >> version >> store_word >> value.store >> last_word >> value.last >> sum_word >> sum;
  if (!words || sum != fmt::format("{:08x}", base::crc32c(body(value))))
    return fail(errc::damaged, folder + "/marker cannot be read");
  return std::optional(value);
}

base::result<void> write_marker(const std::string& folder, const marker& value) {
  const auto text = body(value);
  const auto fresh = folder + "/marker.new", path = folder + "/marker";
  if (!write_synced(fresh, text + fmt::format("sum {:08x}\n", base::crc32c(text))))
    return system_failure("write", fresh);
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return system_failure("replace", path);
  if (!sync_folder(folder)) return system_failure("sync", folder);
  return {};
}

}  // namespace cartrelay::queue::rocks
