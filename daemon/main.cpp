#include "daemon/commands/commands.hpp"
#include "daemon/exit_code.hpp"
#include "daemon/usage_fault.hpp"

#include <CLI/CLI.hpp>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <exception>

namespace {

/// Every command reads tokens or secrets, and a core file would hold them.
void forbid_core_files() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace cartrelay::daemon;
  forbid_core_files();
  std::signal(SIGPIPE, SIG_IGN);
  try {
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
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& stop) {
      // --help and --version arrive here too, with code 0.
      return app.exit(stop) == 0 ? exit_ok : exit_usage;
    }
    return outcome;
  } catch (const std::exception& broken) {
    std::fprintf(stderr, "cartrelay: %s\n", broken.what());
    return exit_failure;
  }
}
