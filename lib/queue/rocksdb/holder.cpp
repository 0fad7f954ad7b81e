#include "queue/rocksdb/holder.hpp"

#include "base/log.hpp"
#include "queue/errc.hpp"
#include "queue/rocksdb/system_failure.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace cartrelay::queue::rocks {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

std::string content(int file) {
  std::array<char, 512> text{};
  const auto size = ::pread(file, text.data(), text.size(), 0);
  std::string out(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  while (!out.empty() && out.back() == '\n')
    out.pop_back();
  return out;
}

}  // namespace

base::result<holder> holder::take(const std::string& folder, base::timestamp now) {
  const auto path = folder + "/holder";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return system_failure("open", path, errno);
  holder held(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return system_failure("lock", path, errno);
    return fail(errc::locked, fmt::format("{} is held by another process ({})", folder, content(file)));
  }
  const auto who =
      fmt::format("pid {} on {} since {}\n", ::getpid(), host_name(), base::format_rfc3339_millis(now));
  // In place, so that a full disk is no hindrance; it may say less then, and locks all the same.
  const auto size = static_cast<ssize_t>(who.size());
  if ((::pwrite(file, who.data(), who.size(), 0) != size || ::ftruncate(file, size) != 0) && !is_full(errno))
    base::log::warning("queue: cannot write {}: {}", path, base::system_message(errno));
  return held;
}

holder::holder(holder&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

holder::~holder() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace cartrelay::queue::rocks
