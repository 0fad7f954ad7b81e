#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

namespace cartrelay::base {

inline constexpr std::size_t any_size = std::numeric_limits<std::size_t>::max();

/// A file's whole content, or a pipe's. Fails with the reason in words that do not repeat the path (`No such
/// file or directory`, `it is a folder`, `it is larger than 64KiB`), without having read much more than
/// `most` bytes; never throws for what stands on the disk.
[[nodiscard]] result<std::string> read_file(const std::string& path, std::size_t most = any_size);
/// The same for what is left to read from an open descriptor, which stays open.
[[nodiscard]] result<std::string> read_all(int descriptor, std::size_t most = any_size);

/// What stands in a folder, in order; nothing in one that is not there. Fails where the system does not list
/// it as a whole, in words that repeat the path: nobody takes what he does not see for absent. Never throws.
[[nodiscard]] result<std::vector<std::filesystem::path>> files_in(const std::filesystem::path& folder);

}  // namespace cartrelay::base
