#pragma once

#include "base/error.hpp"

#include <string>

namespace cartrelay::base {

/// A file's whole content. Fails with the reason in words that do not repeat the path (`No such file or
/// directory`, `it is a folder`); never throws for what stands on the disk.
[[nodiscard]] result<std::string> read_file(const std::string& path);
/// The same for what is left to read from an open descriptor, which stays open.
[[nodiscard]] result<std::string> read_all(int descriptor);

}  // namespace cartrelay::base
