#pragma once

#include "config/load.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::config::testing {

/// What a refused text is told, line by line; nothing if it was taken.
[[nodiscard]] std::vector<std::string> refusal(std::string_view text);
/// Of a text that has to be right; a test that gets none fails.
[[nodiscard]] configuration accepted(std::string_view text);

/// A folder of its own, gone with the object.
class scratch_folder {
 public:
  scratch_folder();
  ~scratch_folder();
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  /// Writes a file, with the folders above it; answers its path.
  std::string write(std::string_view name, std::string_view content) const;
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

/// An environment variable while the object lives.
class environment {
 public:
  environment(const char* name, const std::string& value);
  ~environment();
  environment(const environment&) = delete;
  environment& operator=(const environment&) = delete;

 private:
  const char* name_;
};

}  // namespace cartrelay::config::testing
