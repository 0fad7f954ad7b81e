#pragma once

#include <string>

namespace CLI {
class App;
class Error;
}  // namespace CLI

namespace cartrelay::daemon {

/// What is said of a command line that cannot be taken: the parser's own words, but where it misses a command
/// the word that was given instead, and the command that was probably meant. Ends with a line break.
[[nodiscard]] std::string usage_fault(const CLI::App* app, const CLI::Error& fault);

}  // namespace cartrelay::daemon
