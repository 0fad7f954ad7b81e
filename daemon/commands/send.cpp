#include "base/counted.hpp"
#include "daemon/client/daemon_client.hpp"
#include "daemon/client/event_input.hpp"
#include "daemon/client/report.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/exit_code.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <optional>
#include <utility>

namespace cartrelay::daemon {
namespace {

struct send_options {
  daemon_address where;
  std::string file = "-";
  std::size_t batch = 500;
};

struct tally {
  std::size_t accepted = 0, duplicates = 0;
};

tally count(const boost::json::value& answer) {
  tally out;
  for (const auto& each : answer.at("accepted").as_array())
    ++(each.at("duplicate").as_bool() ? out.duplicates : out.accepted);
  return out;
}

void show_progress(std::size_t done, std::size_t all) {
  if (all > 1 && ::isatty(STDERR_FILENO) == 1)
    fmt::print(stderr, "\r{} of {} requests{}", done, all, done == all ? "\n" : "");
}

/// What was stored; nothing if it cannot be told to be: then that was said.
std::optional<tally> post(const daemon_client& daemon, const portion& part, const tally& before) {
  const auto came = daemon.call("POST", "/v1/events", part.media_type, part.body);
  bool refused = false;
  if (succeeded(came)) {
    const auto stored = read_answer(*came, count);
    if (stored) return *stored;
    report(stored.error());
  } else {
    report(came, part.lines);
    if (came && came->status == 405)
      fmt::print(stderr, "is that the admin listener? Events go to the ingest listener\n");
    refused = stored_nothing(came);
  }
  fmt::print(stderr, "{} accepted, {} before that; {}\n", before.accepted,
             base::counted(before.duplicates, "duplicate"), fate_of(part, refused));
  return std::nullopt;
}

int run(const send_options& options) {
  const auto daemon = daemon_client::find(options.where, listener::ingest);
  if (!daemon) return report(daemon.error());
  auto text = read_event_input(options.file);
  if (!text) return report(text.error());
  const auto portions = split_events(std::move(*text), options.batch);
  tally total;
  for (std::size_t i = 0; i < portions.size(); ++i) {
    const auto stored = post(*daemon, portions[i], total);
    if (!stored) return exit_failure;
    total.accepted += stored->accepted;
    total.duplicates += stored->duplicates;
    show_progress(i + 1, portions.size());
  }
  fmt::print("{} accepted, {}\n", total.accepted, base::counted(total.duplicates, "duplicate"));
  return exit_ok;
}

}  // namespace

void add_send(CLI::App& app, int& outcome) {
  auto* command = app.add_subcommand("send", "Post events (JSON, a JSON array, or NDJSON) to a daemon");
  const auto options = std::make_shared<send_options>();
  options->where.add_options(*command, listener::ingest);
  command->add_option("FILE", options->file, "File with events; - is the standard input");
  command
      ->add_option("--batch", options->batch,
                   "Lines of NDJSON in one request, or fewer, so that it stays within 1 MiB")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  command->footer("Example: cartrelay send --url http://127.0.0.1:8470 events.ndjson");
  command->callback([options, &outcome] { outcome = run(*options); });
}

}  // namespace cartrelay::daemon
