#include "daemon/client/confirmation.hpp"

#include "daemon/exit_code.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

namespace cartrelay::daemon {

std::optional<int> refused(const std::string& stakes, std::string_view done) {
  if (::isatty(STDIN_FILENO) == 0) {
    fmt::print(stderr, "cartrelay: {}, which cannot be undone: say --yes\n", stakes);
    return exit_usage;
  }
  fmt::print(stderr, "{}, which cannot be undone. Type \"yes\" to go on: ", stakes);
  std::string answer;
  std::getline(std::cin, answer);
  if (answer == "yes") return std::nullopt;
  fmt::print(stderr, "cartrelay: nothing was {}\n", done);
  return exit_failure;
}

}  // namespace cartrelay::daemon
