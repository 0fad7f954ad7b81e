#include "base/counted.hpp"
#include "base/task.hpp"
#include "config/load.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/exit_code.hpp"
#include "daemon/standard_streams.hpp"
#include "destinations/registry.hpp"
#include "dispatch/equipment.hpp"
#include "http/client.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <exception>
#include <string>
#include <vector>

namespace cartrelay::daemon {
namespace {

struct check_options {
  std::string config;
  bool probe = false;
};

struct place {
  std::string label, url;
};

std::vector<place> places_of(const destinations::options& destination) {
  std::vector<place> out{{destination.name, destination.url}};
  const auto* kind = destinations::find_kind(destination.kind);
  if (kind->other_urls == nullptr) return out;
  for (const auto& url : kind->other_urls(destination))
    out.push_back({fmt::format("{}, {}", destination.name, url), url});
  return out;
}

base::task<int> probe(base::executor where, destinations::options destination) {
  const auto settings = dispatch::wire_options(destination);
  auto made = http::client::create(where, settings);
  if (!made) {
    fmt::print(stderr, "{}: {}\n", destination.name, made.error().message());
    co_return exit_failure;
  }
  const auto client = std::move(*made);
  const auto places = places_of(destination);
  int outcome = exit_ok;
  for (const auto& [label, url] : places) {
    const auto reached = co_await client->probe(url);
    if (reached) {
      fmt::print("{}: {}\n", label, *reached);
    } else {
      fmt::print(stderr, "{}: {}\n", label, reached.error().detail);
      outcome = exit_failure;
    }
  }
  co_await client->stop();
  co_return outcome;
}

int probe_all(const std::vector<destinations::options>& all) {
  int outcome = exit_ok;
  boost::asio::io_context context(1);
  const auto note = [&outcome](std::exception_ptr broken, int one) {
    if (broken) std::rethrow_exception(broken);
    if (one != exit_ok) outcome = one;
  };
  for (const auto& destination : all)
    boost::asio::co_spawn(context, probe(context.get_executor(), destination), note);
  context.run();
  return outcome;
}

int run(const check_options& options) {
  const auto loaded = config::load(options.config);
  const auto& faults = loaded ? loaded->warnings : loaded.error();
  for (const auto& fault : faults)
    fmt::print(stderr, "{}\n", fault.message());
  if (!faults.empty()) return exit_failure;
  fmt::print("{}: good, {}\n", options.config, base::counted(loaded->destinations.size(), "destination"));
  flush_output();
  return options.probe ? probe_all(loaded->destinations) : exit_ok;
}

}  // namespace

void add_check(CLI::App& app, int& outcome) {
  auto* command =
      app.add_subcommand("check", "Say every fault of a configuration file, with file, line and key");
  const auto options = std::make_shared<check_options>();
  command->add_option("--config", options->config, "Configuration file (TOML)")->required();
  command->add_flag("--probe", options->probe,
                    "Also resolve each destination (and its token_url) and do a TLS handshake with it; sends "
                    "nothing");
  command->footer("Example: cartrelay check --config /etc/cartrelay/config.toml --probe");
  command->callback([options, &outcome] { outcome = run(*options); });
}

}  // namespace cartrelay::daemon
