#include "daemon/client/daemon_client.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/exit_code.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

namespace cartrelay::daemon {
namespace {

struct send_options {
  daemon_address where;
  std::string file = "-";
  std::size_t batch = 500;
};

/// A body and the media type that says how it holds its events.
struct portion {
  std::string body;
  std::string_view media_type;
  std::size_t first_line = 0;  // of NDJSON, from 1
};

struct tally {
  std::size_t accepted = 0, duplicates = 0;
};

std::string read_all(const std::string& file) {
  if (file == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool is_one_document(const std::string& text) {
  boost::system::error_code unparsable;
  boost::json::parse(text, unparsable);
  return !unparsable;
}

/// One JSON document goes as it is; lines of JSON go in portions, each of them all or nothing.
std::vector<portion> split(std::string text, std::size_t batch) {
  if (is_one_document(text)) return {{std::move(text), "application/json", 0}};
  std::vector<portion> out;
  std::size_t line_number = 0, in_portion = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    ++line_number;
    if (in_portion == 0) out.push_back({"", "application/x-ndjson", line_number});
    out.back().body.append(text, at, end - at).append("\n");
    in_portion = (in_portion + 1) % batch;
    at = end + 1;
  }
  return out;
}

void count(const std::string& answer, tally& total) {
  const auto parsed = boost::json::parse(answer);
  for (const auto& each : parsed.at("accepted").as_array())
    ++(each.at("duplicate").as_bool() ? total.duplicates : total.accepted);
}

void show_progress(std::size_t done, std::size_t all) {
  if (all > 1 && ::isatty(STDERR_FILENO) == 1)
    fmt::print(stderr, "\r{} of {} requests{}", done, all, done == all ? "\n" : "");
}

int run(const send_options& options) {
  const auto daemon = daemon_client::find(options.where, listener::ingest);
  if (!daemon) return report(daemon.error());
  const auto portions = split(read_all(options.file), options.batch);
  tally total;
  for (std::size_t i = 0; i < portions.size(); ++i) {
    const auto came = daemon->call("POST", "/v1/events", portions[i].media_type, portions[i].body);
    if (!succeeded(came)) {
      report(came);
      fmt::print(stderr, "{} accepted, {} duplicates before that{}\n", total.accepted, total.duplicates,
                 portions[i].first_line == 0
                     ? ""
                     : fmt::format("; nothing from line {} on was stored", portions[i].first_line));
      return exit_failure;
    }
    count(came->body, total);
    show_progress(i + 1, portions.size());
  }
  fmt::print("{} accepted, {} duplicates\n", total.accepted, total.duplicates);
  return exit_ok;
}

}  // namespace

void add_send(CLI::App& app, int& outcome) {
  auto* command = app.add_subcommand("send", "Post events (JSON, a JSON array, or NDJSON) to a daemon");
  const auto options = std::make_shared<send_options>();
  options->where.add_options(*command);
  command->add_option("FILE", options->file, "File with events; - is the standard input")
      ->check(CLI::ExistingFile | CLI::IsMember({"-"}));
  command->add_option("--batch", options->batch, "Lines of NDJSON in one request")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  command->footer("Example: cartrelay send --url http://127.0.0.1:8470 events.ndjson");
  command->callback([options, &outcome] { outcome = run(*options); });
}

}  // namespace cartrelay::daemon
