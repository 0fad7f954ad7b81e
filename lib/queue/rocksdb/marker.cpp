#include "queue/rocksdb/marker.hpp"

#include "base/digest.hpp"
#include "base/file.hpp"
#include "queue/errc.hpp"
#include "queue/rocksdb/system_failure.hpp"
#include "queue/rocksdb/write_all.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <sstream>
#include <utility>

namespace cartrelay::queue::rocks {
namespace {

constexpr std::string_view title = "cartrelay-queue 1";
/// No disk tears both when one of them is being written: each has a sector of its own.
constexpr std::size_t place_size = 4096, places = 2;

std::string body(const marker& value) {
  return fmt::format("{}\nstore {}\nlast {:020}\nwrites {:020}\n", title, value.store, value.last,
                     value.writes);
}

std::string text_of(const marker& value) {
  const auto text = body(value);
  return text + fmt::format("sum {:08x}\n", base::crc32c(text));
}

std::optional<marker> parse(std::string_view place) {
  std::istringstream words{std::string(place)};
  std::string cartrelay, version, store_word, last_word, writes_word, sum_word, sum;
  marker value;
  words >> cartrelay >> version >> store_word >> value.store >> last_word >> value.last >> writes_word >>
      value.writes >> sum_word >> sum;
  if (!words || sum != fmt::format("{:08x}", base::crc32c(body(value)))) return std::nullopt;
  return value;
}

bool write_synced(const std::string& path, std::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const bool done = write_all(file, text) && ::fdatasync(file) == 0;
  const int failure = errno;
  ::close(file);
  errno = failure;
  return done;
}

bool sync_folder(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return false;
  const bool done = ::fsync(file) == 0;
  const int failure = errno;
  ::close(file);
  errno = failure;
  return done;
}

/// Atomically; durable when it returns.
base::result<void> replace_file(const std::string& folder, const std::string& name, std::string_view text) {
  const auto path = folder + name, fresh = path + ".new";
  if (!write_synced(fresh, text)) return system_failure("write", fresh, errno);
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return system_failure("replace", path, errno);
  if (!sync_folder(folder)) return system_failure("sync", folder, errno);
  return {};
}

}  // namespace

base::result<std::optional<marker>> read_marker(const std::string& folder) {
  const auto path = folder + "/marker";
  const auto content = base::read_file(path);
  if (!content && content.error().code == boost::system::errc::no_such_file_or_directory)
    return std::optional<marker>();
  if (!content)
    return fail(errc::read_only, fmt::format("cannot read {}: {}", path, content.error().message()));
  std::optional<marker> newest;
  for (std::size_t at = 0; at < content->size(); at += place_size)
    if (auto found = parse(std::string_view(*content).substr(at, place_size)))
      if (!newest || found->writes >= newest->writes) newest = std::move(found);
  if (!newest) return fail(errc::damaged, path + " cannot be read");
  return newest;
}

base::result<void> write_marker(const std::string& folder, const marker& value) {
  auto text = text_of(value);
  text.resize(place_size, '\n');
  text += text;
  return replace_file(folder, "/marker", text);
}

base::result<std::optional<std::string>> read_accepting(const std::string& folder) {
  const auto path = folder + "/accepting";
  auto aside = base::read_file(path);
  if (aside) return std::optional(std::move(*aside));
  if (aside.error().code == boost::system::errc::no_such_file_or_directory)
    return std::optional<std::string>();
  return fail(errc::read_only, fmt::format("cannot read {}: {}", path, aside.error().message()));
}

base::result<void> begin_accepting(const std::string& folder, const std::string& aside) {
  return replace_file(folder, "/accepting", aside);
}

base::result<void> end_accepting(const std::string& folder) {
  const auto path = folder + "/accepting";
  if (::unlink(path.c_str()) != 0) {
    if (errno == ENOENT) return {};
    return system_failure("remove", path, errno);
  }
  if (!sync_folder(folder)) return system_failure("sync", folder, errno);
  return {};
}

base::result<open_marker> open_marker::open(const std::string& folder, std::string store) {
  const auto path = folder + "/marker";
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) return system_failure("open", path, errno);
  return open_marker(file, path, std::move(store));
}

open_marker::open_marker(open_marker&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      path_(std::move(other.path_)),
      store_(std::move(other.store_)),
      turn_(other.turn_),
      failure_(other.failure_.load()) {}

open_marker& open_marker::operator=(open_marker&& other) noexcept {
  std::swap(file_, other.file_);
  path_ = std::move(other.path_);
  store_ = std::move(other.store_);
  turn_ = other.turn_;
  failure_ = other.failure_.load();
  return *this;
}

open_marker::~open_marker() {
  if (file_ >= 0) ::close(file_);
}

void open_marker::note(sequence last, std::uint64_t writes) {
  const auto text = text_of({store_, last, writes});
  const auto place = static_cast<off_t>(place_size * (turn_++ % places));
  const auto written = ::pwrite(file_, text.data(), text.size(), place);
  if (written != static_cast<ssize_t>(text.size())) failure_ = written < 0 ? errno : EIO;
}

base::result<void> open_marker::sync() {
  if (const int why = failure_.exchange(0); why != 0) return system_failure("write", path_, why);
  if (::fdatasync(file_) != 0) return system_failure("sync", path_, errno);
  return {};
}

}  // namespace cartrelay::queue::rocks
