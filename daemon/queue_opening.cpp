#include "daemon/queue_opening.hpp"

#include "base/log.hpp"
#include "daemon/service_manager.hpp"
#include "queue/errc.hpp"
#include "queue/next_try.hpp"
#include "queue/open.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

namespace cartrelay::daemon {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
namespace log = base::log;
using boost::system::error_code;
using std::chrono::steady_clock;

constexpr auto room_interval = 1s;

/// The journal has it, and `systemctl status` shows it, also after the process has ended.
void tell(const base::error& failure, std::string_view consequence) {
  log::error("queue: {}; the daemon {}", failure.message(), consequence);
  service_manager::status("queue: " + failure.message());
}

error_code denied(const fs::path& path, int rights) {
  if (::access(path.c_str(), rights) == 0) return {};
  return {errno, boost::system::system_category()};
}

error_code denied_folder(const fs::path& path, int rights) {
  std::error_code unseen;
  if (fs::exists(path, unseen) && !fs::is_directory(path, unseen))
    return make_error_code(boost::system::errc::not_a_directory);
  return denied(path, rights);
}

error_code first_denied_in(const fs::path& folder) {
  std::error_code unreadable;
  for (fs::directory_iterator at(folder, unreadable), end; !unreadable && at != end;
       at.increment(unreadable)) {
    std::error_code vanished;
    const int rights = at->is_directory(vanished) ? R_OK | W_OK | X_OK : R_OK | W_OK;
    const auto refusal = denied(at->path(), rights);
    if (refusal && refusal != boost::system::errc::no_such_file_or_directory) return refusal;
  }
  return {};
}

std::optional<std::uint64_t> free_room(const std::string& folder) {
  std::error_code unknown;
  const auto space = fs::space(folder, unknown);
  if (unknown) return std::nullopt;
  return space.available;
}

}  // namespace

boost::system::error_code forbidden(const std::string& folder) {
  auto where = fs::absolute(folder);
  auto refusal = denied_folder(where, R_OK | W_OK | X_OK);
  if (!refusal) refusal = first_denied_in(where);
  if (!refusal) refusal = first_denied_in(where / "db");
  // What is not there yet is made in the nearest folder above it that is.
  while (refusal == boost::system::errc::no_such_file_or_directory && where != where.parent_path()) {
    where = where.parent_path();
    refusal = denied_folder(where, W_OK | X_OK);
  }
  return refusal;
}

base::result<std::unique_ptr<queue::engine>> open_queue(const queue::options& settings,
                                                        const base::clock& time,
                                                        const interruptible_wait& wait) {
  auto opened = queue::open(settings, time);
  queue::next_try next;
  for (bool told = false; !opened && opened.error().code == queue::errc::disk_low;) {
    if (!std::exchange(told, true)) tell(opened.error(), "waits for room");
    next.made(steady_clock::now(), free_room(settings.path));
    do {
      service_manager::still_starting();
      if (wait(room_interval)) return std::unique_ptr<queue::engine>();
    } while (!next.due(steady_clock::now(), free_room(settings.path)));
    opened = queue::open(settings, time);
  }
  if (opened) return opened;
  auto failure = opened.error();
  if (failure.code == queue::errc::read_only)
    if (const auto refusal = forbidden(settings.path)) failure.code = refusal;
  tell(failure, "ends");
  return failure;
}

}  // namespace cartrelay::daemon
