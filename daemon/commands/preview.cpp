#include "daemon/client/daemon_client.hpp"
#include "daemon/client/event_input.hpp"
#include "daemon/client/member_text.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/exit_code.hpp"

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

void show_request(const boost::json::value& request) {
  fmt::print("  {} {}\n", member_text(request, "method"), member_text(request, "url"));
  for (const auto& field : request.at("headers").as_object())
    fmt::print("  {}: {}\n", std::string_view(field.key()), std::string_view(field.value().as_string()));
  const auto& body = request.at("body");
  const auto shown = body.is_string() ? std::string(body.get_string()) : boost::json::serialize(body);
  if (!shown.empty()) fmt::print("\n  {}\n", shown);
  fmt::print("\n");
}

void show(const boost::json::value& preview) {
  for (const auto& destination : preview.at("destinations").as_array()) {
    fmt::print(
        "{}: {}{}\n", member_text(destination, "destination"), member_text(destination, "verdict"),
        member_text(destination, "reason").empty() ? "" : " (" + member_text(destination, "reason") + ")");
    for (const auto& request : destination.at("requests").as_array())
      show_request(request);
  }
}

int run(const preview_options& options) {
  const auto daemon = daemon_client::find(options.where, listener::admin);
  if (!daemon) return report(daemon.error());
  const auto event = read_event_input(options.file);
  if (!event) return report(event.error());
  const auto came = daemon->post("/v1/preview", *event);
  if (!succeeded(came)) return report(came);
  if (options.json)
    fmt::print("{}\n", came->body);
  else
    show(boost::json::parse(came->body));
  return exit_ok;
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
