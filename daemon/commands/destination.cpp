#include "base/text.hpp"
#include "daemon/client/daemon_client.hpp"
#include "daemon/client/destination_entry.hpp"
#include "daemon/client/member_text.hpp"
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

/// A destination that is resumed may have another reason to send nothing.
std::string outcome_text(const std::string& verb, const std::string& state, const std::string& reason) {
  const bool pauses = verb == "pause";
  if (state == (pauses ? "paused" : "active") && (pauses || reason.empty())) return verb + "d";
  return fmt::format("{}; it is {}{}", pauses ? "not paused" : "no longer paused", state,
                     reason.empty() ? "" : " (" + reason + ")");
}

int run(const destination_options& options, const std::string& verb) {
  const auto daemon = daemon_client::find(options.where, listener::admin);
  if (!daemon) return report(daemon.error());
  const auto came =
      daemon->call("POST", fmt::format("/v1/destinations/{}/{}", base::percent_encode(options.name), verb));
  return show(came, false, [&](const boost::json::value& answer) {
    const std::string name(answer.at("name").as_string()), state(answer.at("state").as_string());
    const auto entry = destination_entry(*daemon, name);
    const auto reason = member_text(entry, "state") == state ? member_text(entry, "reason") : "";
    return fmt::format("{}: {}\n", name, outcome_text(verb, state, reason));
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
