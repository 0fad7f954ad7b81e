#include "queue/rocksdb/private_folder.hpp"

#include <sys/stat.h>

#include <cerrno>

namespace cartrelay::queue::rocks {

std::error_code make_private_folder(const std::filesystem::path& folder) {
  auto path = folder.lexically_normal();
  if (!path.has_filename()) path = path.parent_path();  // it ended in a slash
  std::error_code failure;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), failure);
  if (failure || ::mkdir(path.c_str(), S_IRWXU) == 0) return failure;
  if (errno != EEXIST) return {errno, std::generic_category()};
  const bool stands = std::filesystem::is_directory(path, failure);
  return stands || failure ? failure : make_error_code(std::errc::not_a_directory);
}

}  // namespace cartrelay::queue::rocks
