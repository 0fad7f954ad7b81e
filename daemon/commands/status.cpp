#include "base/clock.hpp"
#include "daemon/client/daemon_client.hpp"
#include "daemon/client/report.hpp"
#include "daemon/client/status_table.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/standard_streams.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <thread>

namespace cartrelay::daemon {
namespace {

struct status_options {
  daemon_address where;
  bool watch = false;
  bool json = false;
};

std::size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

bool wants_colours() {
  return ::isatty(STDOUT_FILENO) == 1 &&
         std::getenv("NO_COLOR") == nullptr;  // NOLINT(concurrency-mt-unsafe): one thread
}

int show_answer(const base::result<daemon_client::answer>& came, const status_options& options) {
  return show(came, options.json, [](const boost::json::value& status) {
    const auto now = base::system_clock().now();
    return status_table(status, now, terminal_width(), wants_colours());
  });
}

/// At once: why nobody answers is told on another stream.
void clear_screen() {
  fmt::print("\x1b[H\x1b[2J");
  flush_output();
}

int run(const status_options& options) {
  auto daemon = daemon_client::find(options.where, listener::admin);
  if (!daemon) return report(daemon.error());
  daemon->be_patient(std::chrono::seconds(5));  // it answers from memory, unless it hangs
  if (!options.watch) return show_answer(daemon->get("/status"), options);
  const bool clears = ::isatty(STDOUT_FILENO) == 1 && !options.json;
  while (true) {
    const auto came = daemon->get("/status");
    if (clears) clear_screen();
    show_answer(came, options);  // a daemon that does not answer may be back in a second
    flush_output();
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

}  // namespace

void add_status(CLI::App& app, int& outcome) {
  auto* command = app.add_subcommand("status", "The daemon's status as a table");
  const auto options = std::make_shared<status_options>();
  options->where.add_options(*command);
  command->add_flag("--watch", options->watch,
                    "Show it again every second until Ctrl-C, also while nobody answers");
  command->add_flag("--json", options->json, "As the daemon sends it");
  command->footer("Example: cartrelay status --url http://127.0.0.1:8471");
  command->callback([options, &outcome] { outcome = run(*options); });
}

}  // namespace cartrelay::daemon
