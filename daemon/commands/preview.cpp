#include "daemon/client/daemon_client.hpp"
#include "daemon/client/event_input.hpp"
#include "daemon/client/member_text.hpp"
#include "daemon/client/report.hpp"
#include "daemon/commands/commands.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>

namespace cartrelay::daemon {
namespace {

struct preview_options {
  daemon_address where;
  std::string file = "-";
  bool json = false;
};

std::string request_text(const boost::json::value& request) {
  auto out = fmt::format("  {} {}\n", member_text(request, "method"), member_text(request, "url"));
  for (const auto& field : request.at("headers").as_object())
    out +=
        fmt::format("  {}: {}\n", std::string_view(field.key()), std::string_view(field.value().as_string()));
  if (const auto body = member_text(request, "body"); !body.empty()) out += fmt::format("\n  {}\n", body);
  return out + "\n";
}

std::string text_of(const boost::json::value& preview) {
  std::string out;
  for (const auto& destination : preview.at("destinations").as_array()) {
    const auto reason = member_text(destination, "reason");
    out += fmt::format("{}: {}{}\n", member_text(destination, "destination"),
                       member_text(destination, "verdict"), reason.empty() ? "" : " (" + reason + ")");
    for (const auto& request : destination.at("requests").as_array())
      out += request_text(request);
  }
  return out;
}

int run(const preview_options& options) {
  const auto daemon = daemon_client::find(options.where, listener::admin);
  if (!daemon) return report(daemon.error());
  const auto event = read_event_input(options.file);
  if (!event) return report(event.error());
  return show(daemon->post("/v1/preview", *event), options.json, text_of);
}

}  // namespace

void add_preview(CLI::App& app, int& outcome) {
  auto* command = app.add_subcommand(
      "preview", "The requests an event would become at each destination; sends and stores nothing");
  const auto options = std::make_shared<preview_options>();
  options->where.add_options(*command);
  command->add_option("FILE", options->file, "File with one event; - is the standard input")
      ->check(CLI::ExistingFile | CLI::IsMember({"-"}));
  command->add_flag("--json", options->json, "As the daemon sends it");
  command->footer("Example: cartrelay preview order.json");
  command->callback([options, &outcome] { outcome = run(*options); });
}

}  // namespace cartrelay::daemon
