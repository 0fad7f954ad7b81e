#include "sandbox/sandbox.hpp"

#include "base/task.hpp"
#include "daemon/client/not_empty.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/exit_code.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include <csignal>

namespace cartrelay::daemon {
namespace {

using signal_set = boost::asio::basic_signal_set<base::executor>;

base::task<> run_until_told(base::executor where, sandbox::sandbox* vendors) {
  signal_set signals(where);
  signals.add(SIGINT);
  signals.add(SIGTERM);
  co_await signals.async_wait(base::as_result);
  co_await vendors->stop();
}

int run(const sandbox::options& options) {
  boost::asio::io_context context(1);
  auto vendors = sandbox::sandbox::listen(context.get_executor(), options);
  if (!vendors) {
    fmt::print(stderr, "cartrelay: {}\n", vendors.error().message());
    return exit_failure;
  }
  (*vendors)->start();
  fmt::print("sandbox listens on {}\n", (*vendors)->url());
  std::fflush(stdout);
  std::clearerr(stdout);  // it serves whether or not somebody reads that
  boost::asio::co_spawn(context, run_until_told(context.get_executor(), vendors->get()),
                        boost::asio::detached);
  context.run();
  return exit_ok;
}

}  // namespace

void add_sandbox(CLI::App& app, int& outcome) {
  auto* command = app.add_subcommand(
      "sandbox", "The five vendors' APIs on loopback HTTPS: strict, with memory, and failing on request");
  const auto options = std::make_shared<sandbox::options>();
  const auto latency = std::make_shared<std::uint32_t>(0);
  command->add_option("--port", options->port, "Port on 127.0.0.1; 0 picks a free one")
      ->capture_default_str();
  command->add_option("--ca-out", options->ca_out, "Where to write the certificate to trust (PEM)")
      ->check(not_empty())
      ->required();
  command->add_option("--log", options->log, "Append a JSON line for each request to this file");
  command->add_option("--latency-ms", *latency, "How long every vendor takes to answer")
      ->capture_default_str();
  command->footer(
      "Example: cartrelay sandbox --port 8443 --ca-out sandbox-ca.pem\n"
      "Then: curl --cacert sandbox-ca.pem https://127.0.0.1:8443/_sandbox/state");
  command->callback([options, latency, &outcome] {
    options->latency = std::chrono::milliseconds(*latency);
    outcome = run(*options);
  });
}

}  // namespace cartrelay::daemon
