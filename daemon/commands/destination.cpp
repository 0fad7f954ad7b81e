#include "base/clock.hpp"
#include "base/text.hpp"
#include "daemon/client/daemon_client.hpp"
#include "daemon/client/destination_entry.hpp"
#include "daemon/client/member_text.hpp"
#include "daemon/client/moment_text.hpp"
#include "daemon/client/not_empty.hpp"
#include "daemon/client/report.hpp"
#include "daemon/client/visible.hpp"
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
std::string standing_text(const boost::json::value& entry, const std::string& state) {
  const bool same = member_text(entry, "state") == state;
  const auto reason = same ? member_text(entry, "reason") : "";
  return state + (reason.empty() ? "" : " (" + reason + ")");
}

/// One that was not paused is tried at once, unless the vendor has asked for a pause.
std::string trial_text(const boost::json::value& entry, const std::string& state) {
  if (state == "active") return {};
  const auto next = next_attempt_text(entry, base::system_clock().now());
  return next.empty() ? ", and is tried now" : ", " + next;
}

/// `before` and `after`: what the status says of it, null if that is not known.
std::string outcome_text(const std::string& verb, const std::string& state, const boost::json::value& before,
                         const boost::json::value& after) {
  const auto now = standing_text(after, state);
  if (verb == "pause") return state == "paused" ? "paused" : "not paused; it is " + now;
  if (member_text(after, "reason") == "disabled")
    return "stays stopped: enabled = false in the configuration";
  if (member_text(before, "state") == "paused" || before.is_null())
    return now == "active" ? "resumed" : "no longer paused; it is " + now;
  return "was not paused; it is " + now + trial_text(after, state);
}

int run(const destination_options& options, const std::string& verb) {
  const auto daemon = daemon_client::find(options.where, listener::admin);
  if (!daemon) return report(daemon.error());
  const auto before = destination_entry(*daemon, options.name);
  const auto came =
      daemon->call("POST", fmt::format("/v1/destinations/{}/{}", base::percent_encode(options.name), verb));
  return show(came, false, [&](const boost::json::value& answer) {
    const auto name = visible(answer.at("name").as_string()), state = visible(answer.at("state").as_string());
    return fmt::format("{}: {}\n", name, outcome_text(verb, state, before, destination_entry(*daemon, name)));
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
