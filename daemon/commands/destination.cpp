#include "base/text.hpp"
#include "daemon/client/daemon_client.hpp"
#include "daemon/client/not_empty.hpp"
#include "daemon/client/report.hpp"
#include "daemon/commands/commands.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>

namespace cartrelay::daemon {
namespace {

struct destination_options {
  daemon_address where;
  std::string name;
};

int run(const destination_options& options, const std::string& verb) {
  const auto daemon = daemon_client::find(options.where, listener::admin);
  if (!daemon) return report(daemon.error());
  const auto came =
      daemon->call("POST", fmt::format("/v1/destinations/{}/{}", base::percent_encode(options.name), verb));
  return show(came, false, [&verb](const boost::json::value& answer) {
    return fmt::format("{}: {}d\n", answer.at("name").as_string().c_str(), verb);
  });
}

void add(CLI::App& app, int& outcome, const std::string& verb, const std::string& description) {
  auto* command = app.add_subcommand(verb, description);
  const auto options = std::make_shared<destination_options>();
  options->where.add_options(*command);
  command->add_option("NAME", options->name, "The destination's name")->required()->check(not_empty());
  command->footer(fmt::format("Example: cartrelay {} releva", verb));
  command->callback([options, verb, &outcome] { outcome = run(*options, verb); });
}

}  // namespace

void add_pause_and_resume(CLI::App& app, int& outcome) {
  add(app, outcome, "pause",
      "Stop delivering to a destination; it keeps collecting, also across restarts, "
      "what is not older than max_age");
  add(app, outcome, "resume", "Deliver to a paused destination again");
}

}  // namespace cartrelay::daemon
