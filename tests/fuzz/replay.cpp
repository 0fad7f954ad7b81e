// Feeds kept inputs to the targets: FOLDER…, each with a folder per target. An input that breaks a promise
// ends the process, with its path. For a compiler that has no fuzzer.
#include "tests/fuzz/targets.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
namespace fuzz = cartrelay::fuzz;

struct target {
  std::string_view name;
  void (*run)(std::string_view bytes);
};
constexpr std::array targets{target{"answer_reader", fuzz::answer_reader},
                             target{"configuration", fuzz::configuration},
                             target{"mapping", fuzz::mapping},
                             target{"planted", fuzz::planted},
                             target{"session", fuzz::session},
                             target{"stored_record", fuzz::stored_record},
                             target{"submission", fuzz::submission},
                             target{"text_form", fuzz::text_form},
                             target{"vendor_answer", fuzz::vendor_answer}};

std::string current;  // the input that is being fed

extern "C" void name_the_input(int) {
  static_cast<void>(!::write(STDERR_FILENO, current.data(), current.size()));
  ::_exit(EXIT_FAILURE);
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t replay(const fs::path& folder) {
  const auto name = folder.filename().string();
  const auto found = std::ranges::find(targets, name, &target::name);
  if (found == targets.end()) throw std::runtime_error(folder.string() + ": there is no target of that name");
  std::size_t count = 0;
  for (const auto& input : fs::directory_iterator(folder)) {
    current = "the input: " + input.path().string() + "\n";
    found->run(read_file(input.path()));
    ++count;
  }
  std::printf("%-16s %zu inputs\n", name.c_str(), count);
  return count;
}

}  // namespace

int main(int count, char** arguments) {
  std::signal(SIGABRT, name_the_input);
  std::size_t fed = 0;
  try {
    for (const std::string& folder : std::vector<std::string>(arguments + 1, arguments + count))
      for (const auto& each : fs::directory_iterator(folder))
        if (each.is_directory()) fed += replay(each.path());
  } catch (const std::exception& broken) {
    std::fprintf(stderr, "%s%s\n", current.c_str(), broken.what());
    return EXIT_FAILURE;
  }
  std::printf("%zu inputs kept their promises\n", fed);
  return fed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
