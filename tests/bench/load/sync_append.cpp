#include "bench/load/sync_append.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace cartrelay::bench {

load_result append_and_sync(const std::string& path, std::chrono::nanoseconds duration) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_TRUNC, 0600);
  if (file < 0) throw std::system_error(errno, std::generic_category(), path);
  const std::string bytes(1024, 'x');
  load_result result;
  const auto begin = load_clock::now();
  auto now = begin;
  bool ok = true;
  while (ok && now < begin + duration) {
    const auto before = now;
    ok = ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
         ::fdatasync(file) == 0;
    now = load_clock::now();
    result.latency.add(now - before);
    ++result.answers[200];
  }
  const auto failure = errno;
  ::close(file);
  ::unlink(path.c_str());
  if (!ok) throw std::system_error(failure, std::generic_category(), path);
  result.measured = now - begin;
  return result;
}

}  // namespace cartrelay::bench
