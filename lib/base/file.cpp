#include "base/file.hpp"

#include "base/text.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace cartrelay::base {
namespace {

error last_failure() {
  const boost::system::error_code code(errno, boost::system::system_category());
  return {code, code == boost::system::errc::is_a_directory ? "it is a folder" : code.message()};
}

error too_large(std::size_t most) {
  return {make_error_code(boost::system::errc::file_too_large), "it is larger than " + format_size(most)};
}

}  // namespace

result<std::string> read_all(int descriptor, std::size_t most) {
  std::string out;
  std::array<char, 16 << 10> part{};
  while (true) {
    const auto count = ::read(descriptor, part.data(), part.size());
    if (count == 0) return out;
    if (count > 0)
      out.append(part.data(), static_cast<std::size_t>(count));
    else if (errno != EINTR)
      return last_failure();
    if (out.size() > most) return too_large(most);
  }
}

result<std::string> read_file(const std::string& path, std::size_t most) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return last_failure();
  auto out = read_all(descriptor, most);
  ::close(descriptor);
  return out;
}

result<std::vector<std::filesystem::path>> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  std::error_code failure;
  std::filesystem::directory_iterator at(folder, failure);
  for (; !failure && at != std::filesystem::directory_iterator(); at.increment(failure))
    found.push_back(at->path());
  if (failure == std::errc::no_such_file_or_directory) return found;
  if (failure)
    return error{{failure.value(), boost::system::system_category()},
                 "cannot list " + folder.string() + ": " + failure.message()};
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace cartrelay::base
