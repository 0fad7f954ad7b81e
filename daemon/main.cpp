#include "daemon/commands/commands.hpp"
#include "daemon/exit_code.hpp"
#include "daemon/standard_streams.hpp"
#include "daemon/usage_fault.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/resource.h>

#include <csignal>
#include <exception>
#include <iostream>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace cartrelay::daemon;

/// Every command reads tokens or secrets, and a core file would hold them.
void forbid_core_files() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

/// `cartrelay help send` is `cartrelay send --help`, as other programs have it. The last word first, as CLI11
/// takes them.
std::vector<std::string> ask_for_help(std::span<char*> command) {
  std::vector<std::string> words{"--help"};
  words.insert(words.end(), command.rbegin(), command.rend());
  return words;
}

int run(int argc, char** argv) {
  CLI::App app{
      "Cartrelay takes a shop's events once, makes them durable, and relays them to every marketing "
      "vendor.",
      "cartrelay"};
  app.set_version_flag("--version", std::string("cartrelay ") + CARTRELAY_VERSION);
  app.require_subcommand(1);
  app.failure_message(&usage_fault);
  app.footer(
      "Example: cartrelay serve --config /etc/cartrelay/config.toml\n'cartrelay COMMAND --help' has an "
      "example for each command.");
  int outcome = exit_ok;
  add_commands(app, outcome);
  const bool asks_for_help = argc > 1 && std::string_view(argv[1]) == "help";
  try {
    if (asks_for_help)
      app.parse(ask_for_help(std::span(argv + 2, argv + argc)));
    else
      app.parse(argc, argv);
  } catch (const CLI::ParseError& stop) {
    // --help and --version arrive here too, with code 0.
    const auto unknown = asks_for_help ? app.remaining(true) : std::vector<std::string>();
    std::ostringstream words;
    const int code = unknown.empty() ? app.exit(stop, words, std::cerr) : app.exit(CLI::ExtrasError(unknown));
    outcome = code == 0 ? exit_ok : exit_usage;
    fmt::print("{}", words.str());
  }
  return outcome;
}

}  // namespace

int main(int argc, char** argv) {
  forbid_core_files();
  occupy_closed_streams();
  // A peer or a reader that is gone must not end a daemon, nor a change on its way to one.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    const int outcome = run(argc, argv);
    flush_output();
    return outcome;
  } catch (const std::exception& broken) {
    return end_of(broken);
  }
}
