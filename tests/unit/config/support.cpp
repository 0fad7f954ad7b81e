#include "tests/unit/config/support.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace cartrelay::config::testing {

std::vector<std::string> refusal(std::string_view text) {
  const auto read = parse(text, "f.toml");
  std::vector<std::string> out;
  if (read) return out;
  for (const auto& fault : read.error())
    out.push_back(fault.message());
  return out;
}

configuration accepted(std::string_view text) {
  auto read = parse(text, "f.toml");
  if (read) return std::move(*read);
  for (const auto& fault : read.error())
    ADD_FAILURE() << fault.message();
  return {};
}

scratch_folder::scratch_folder() {
  std::string form = (std::filesystem::temp_directory_path() / "cartrelay-config-XXXXXX").string();
  if (::mkdtemp(form.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = form;
}

scratch_folder::~scratch_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string scratch_folder::write(std::string_view name, std::string_view content) const {
  const auto file = path_ / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << content;
  return file.string();
}

environment::environment(const char* name, const std::string& value) : name_(name) {
  ::setenv(name, value.c_str(), 1);
}

environment::~environment() {
  ::unsetenv(name_);
}

}  // namespace cartrelay::config::testing
