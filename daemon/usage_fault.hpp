#pragma once

#include <string>

namespace CLI {
class App;
class Error;
}  // namespace CLI

namespace cartrelay::daemon {

/// What is said of a command line that cannot be taken: the first word that nobody knows, and the command or
/// option that was probably meant; where all are known, the parser's own words. Ends with a line break.
[[nodiscard]] std::string usage_fault(const CLI::App* app, const CLI::Error& fault);

}  // namespace cartrelay::daemon
