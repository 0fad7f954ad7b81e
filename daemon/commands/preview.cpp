#include "daemon/client/daemon_client.hpp"
#include "daemon/client/event_input.hpp"
#include "daemon/client/preview_text.hpp"
#include "daemon/client/report.hpp"
#include "daemon/commands/commands.hpp"

#include <CLI/CLI.hpp>

namespace cartrelay::daemon {
namespace {

struct preview_options {
  daemon_address where;
  std::string file = "-";
  bool json = false;
};

int run(const preview_options& options) {
  const auto daemon = daemon_client::find(options.where, listener::admin);
  if (!daemon) return report(daemon.error());
  const auto event = read_event_input(options.file);
  if (!event) return report(event.error());
  return show(daemon->post("/v1/preview", *event), options.json, preview_text);
}

}  // namespace

void add_preview(CLI::App& app, int& outcome) {
  auto* command = app.add_subcommand(
      "preview", "The requests an event would become at each destination; sends and stores nothing");
  const auto options = std::make_shared<preview_options>();
  options->where.add_options(*command);
  command->add_option("FILE", options->file, "File with one event; - is the standard input");
  command->add_flag("--json", options->json, "As the daemon sends it");
  command->footer("Example: cartrelay preview order.json");
  command->callback([options, &outcome] { outcome = run(*options); });
}

}  // namespace cartrelay::daemon
