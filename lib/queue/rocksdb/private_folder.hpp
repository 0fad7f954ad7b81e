#pragma once

#include <filesystem>
#include <system_error>

namespace cartrelay::queue::rocks {

/// Makes a folder that nobody but its owner may look into. One that stands already stays as it is; those
/// above it are made as the system makes folders.
[[nodiscard]] std::error_code make_private_folder(const std::filesystem::path& folder);

}  // namespace cartrelay::queue::rocks
