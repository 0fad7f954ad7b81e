#include "base/text.hpp"
#include "daemon/client/confirmation.hpp"
#include "daemon/client/daemon_client.hpp"
#include "daemon/client/member_text.hpp"
#include "daemon/client/not_empty.hpp"
#include "daemon/client/report.hpp"
#include "daemon/client/visible.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/exit_code.hpp"
#include "daemon/standard_streams.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>

#include <string>

namespace cartrelay::daemon {
namespace {

struct erase_options {
  daemon_address where;
  std::string id, email, phone;
  bool yes = false;
  bool json = false;
};

bool found_nothing(const boost::json::value& report) {
  for (const auto& each : report.at("erased").as_object())
    if (each.value().to_number<std::uint64_t>() != 0) return false;
  return true;
}

std::string text_of(const boost::json::value& report) {
  const auto& erased = report.at("erased");
  std::string out;
  const auto line = [&out](std::string_view label, std::string_view content) {
    out += fmt::format("{:<21}{}\n", label, content);
  };
  line("events", member_text(erased, "events"));
  line("receipts", member_text(erased, "receipts"));
  line("dead letters", member_text(erased, "dead_letters"));
  line("pending, discarded", member_text(erased, "pending_discarded"));
  line("memory of vendors", member_text(erased, "vendor_state"));
  const bool clean = report.at("files_clean").as_bool();
  line("files", clean ? "clean" : "not clean: " + member_text(report, "reason"));
  for (const auto& folder : report.at("set_aside").as_array())
    line("set aside", visible(folder.as_string()));
  return out;
}

int run(const erase_options& options) {
  auto daemon = daemon_client::find(options.where, listener::admin);
  if (!daemon) return report(daemon.error());
  daemon->be_patient(std::chrono::hours(6));  // the whole queue is rewritten
  if (!options.yes)
    if (const auto end = refused("everything that is known of this customer will be erased", "erased"))
      return *end;
  const auto& [name, value] = !options.id.empty()      ? std::pair("id", options.id)
                              : !options.email.empty() ? std::pair("email", options.email)
                                                       : std::pair("phone", options.phone);
  const auto came =
      daemon->call("DELETE", fmt::format("/v1/customers?{}={}", name, base::percent_encode(value)));
  bool clean = true, nobody = false;
  const int outcome = show(came, options.json, [&](const boost::json::value& report) {
    clean = report.at("files_clean").as_bool();
    nobody = found_nothing(report);
    return text_of(report);
  });
  flush_output();
  if (nobody)
    fmt::print(stderr, "cartrelay: nothing here names this customer{}\n",
               options.id.empty() ? "" : " (an id is compared byte for byte)");
  return clean ? outcome : exit_failure;
}

}  // namespace

void add_erase(CLI::App& app, int& outcome) {
  auto* command = app.add_subcommand(
      "erase",
      "Erase a customer: events, receipts, dead letters, what is pending, and the files that held it");
  const auto options = std::make_shared<erase_options>();
  options->where.add_options(*command);
  auto* who = command->add_option_group("WHO");
  who->add_option("--id", options->id, "The shop's id of the customer, as it stands in events")
      ->check(not_empty());
  who->add_option("--email", options->email, "Their address; case does not count")->check(not_empty());
  who->add_option("--phone", options->phone, "Their phone with country code; only digits count")
      ->check(not_empty());
  who->require_option(1);
  command->add_flag("--yes", options->yes, "Do not ask");
  command->add_flag("--json", options->json, "As the daemon sends it");
  command->footer(
      "Example: cartrelay erase --email maria@example.com --yes\n"
      "Ends with 1 if something is left in the files (the words say what), and if the answer to the question "
      "is no. It may be repeated at any time. A person who is known by an id here and by an address there "
      "needs a call for each.");
  command->callback([options, &outcome] { outcome = run(*options); });
}

}  // namespace cartrelay::daemon
