#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace cartrelay::daemon {

/// For what chooses: empty, as from a variable that is not set, it would choose nothing or everything.
inline CLI::Validator not_empty() {
  return CLI::Validator([](const std::string& value) { return std::string(value.empty() ? "is empty" : ""); },
                        "");
}

}  // namespace cartrelay::daemon
