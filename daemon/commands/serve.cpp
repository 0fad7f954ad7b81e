#include "base/log.hpp"
#include "config/load.hpp"
#include "daemon/application.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/exit_code.hpp"
#include "daemon/service_manager.hpp"
#include "daemon/signals.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>

namespace cartrelay::daemon {
namespace {

struct serve_options {
  std::string config;
  bool accept_data_loss = false;
};

base::result<http::inherited_sockets> take_sockets() {
  const auto given = service_manager::handed_over();
  if (!given) return given.error();
  return http::inherited_sockets::adopt(*given);
}

int run(const serve_options& options) {
  end_when_told_to_stop();
  auto inherited = take_sockets();
  if (!inherited) {
    base::log::error("sockets of the service manager: {}", inherited.error().message());
    return exit_config;
  }
  auto loaded = config::load(options.config);
  if (!loaded) {
    for (const auto& fault : loaded.error())
      base::log::error("{}", fault.message());
    return exit_config;
  }
  hold_signals_back();
  base::log::configure(loaded->log);
  for (const auto& fault : loaded->warnings)
    base::log::warning("{}", fault.message());
  bool has_left_behind = false;
  int outcome = exit_ok;
  {
    application daemon(std::move(*loaded), options.config, options.accept_data_loss, std::move(*inherited));
    outcome = daemon.run();
    has_left_behind = daemon.has_left_behind();
  }
  if (has_left_behind) std::_Exit(outcome);
  return outcome;
}

}  // namespace

void add_serve(CLI::App& app, int& outcome) {
  auto* command = app.add_subcommand("serve", "The daemon, in the foreground; logs to stderr");
  const auto options = std::make_shared<serve_options>();
  command->add_option("--config", options->config, "Configuration file (TOML)")->required();
  command->add_flag("--accept-data-loss", options->accept_data_loss,
                    "Open a damaged queue after setting the damaged files aside; says what is missing");
  command->footer(
      "Example: cartrelay serve --config /etc/cartrelay/config.toml\n"
      "Ends with 0 after a stop, 74 after a storage failure, 75 when another instance holds the queue or "
      "an address, 78 when a person is needed.\n"
      "SIGHUP reloads the configuration; SIGTERM stops.");
  command->callback([options, &outcome] { outcome = run(*options); });
}

}  // namespace cartrelay::daemon
