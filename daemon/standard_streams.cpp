#include "daemon/standard_streams.hpp"

#include "daemon/exit_code.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <system_error>

namespace cartrelay::daemon {
namespace {

/// What kept the output from being written; none if something else broke.
std::error_code output_failure(const std::exception& broken) {
  const auto* failed = dynamic_cast<const std::system_error*>(&broken);
  return failed != nullptr && std::ferror(stdout) != 0 ? failed->code() : std::error_code();
}

}  // namespace

void occupy_closed_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) != -1 || errno != EBADF) continue;
    // The lowest number is this one. Opened the wrong way round: reading or writing has to fail as before.
    static_cast<void>(::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY));
  }
}

void flush_output() {
  if (std::fflush(stdout) != 0) throw std::system_error(errno, std::generic_category());
}

int end_of(const std::exception& broken) {
  const auto failure = output_failure(broken);
  if (failure == std::errc::broken_pipe) {
    std::signal(SIGPIPE, SIG_DFL);
    std::raise(SIGPIPE);
  }
  if (failure)
    std::fprintf(stderr, "cartrelay: the output cannot be written: %s\n", failure.message().c_str());
  else
    std::fprintf(stderr, "cartrelay: %s\n", broken.what());
  return exit_failure;
}

}  // namespace cartrelay::daemon
