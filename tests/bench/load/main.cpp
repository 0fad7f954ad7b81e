// The load driver: puts realistic events to Cartrelay, or to what it is compared with, and says in one JSON
// object how it went.

#include "bench/load/driver.hpp"
#include "bench/load/record.hpp"
#include "bench/load/shop_events.hpp"
#include "bench/load/sync_append.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>

namespace {

using namespace cartrelay;

struct arguments {
  bench::load_options load;
  std::string what = "http", mix, run = "b", path = "/v1/events", token, body_file, seconds_file,
              accepted_file, file;
  std::string user = "bench", database = "bench";
  std::vector<std::string> headers;
  double duration = 5, warm_up = 0;
};

void add_options(CLI::App& app, arguments& given) {
  auto& load = given.load;
  app.add_option("what", given.what, "http, redis, postgres, or sync (append 1 KB and fdatasync)")
      ->check(CLI::IsMember({"http", "redis", "postgres", "sync"}));
  app.add_option("--host", load.where.host, "an IPv4 address");
  app.add_option("--port", load.where.port, "TCP port");
  app.add_option("--unix", load.where.unix_path, "a Unix socket instead");
  app.add_option("--ca", load.where.ca_file, "TLS, with this trust anchor");
  app.add_option("--connections", load.connections, "each has one request under way")
      ->check(CLI::Range(1, 4096));
  app.add_option("--duration", given.duration, "seconds");
  app.add_option("--warm-up", given.warm_up, "seconds at the beginning that are not counted");
  app.add_option("--requests", load.requests, "end after so many");
  app.add_option("--rate", load.rate,
                 "requests a second (open loop); 0: as fast as the answers come (closed loop)");
  app.add_option("--events-per-post", load.events_per_request, "http only")->check(CLI::Range(1, 100'000));
  app.add_option("--first-event", load.first_event, "number of the first event");
  app.add_flag("--reconnect", load.reconnect, "go on when connections break");
  app.add_option("--mix", given.mix, "a visit, as product.viewed=2,cart.updated,order.paid");
  app.add_option("--run", given.run, "begins the ids, so that runs differ");
  app.add_option("--path", given.path, "of the POST");
  app.add_option("--token", given.token, "bearer token");
  app.add_option("--header", given.headers, "a further header line");
  app.add_option("--body-file", given.body_file, "POST this body each time instead of events");
  app.add_option("--seconds", given.seconds_file, "write a JSON line for each second");
  app.add_option("--acks", given.accepted_file,
                 "write id, sent and accepted (µs since 1970) for each event that was accepted");
  app.add_option("--file", given.file, "of sync");
  app.add_option("--user", given.user, "of PostgreSQL");
  app.add_option("--database", given.database, "of PostgreSQL");
}

std::unique_ptr<bench::protocol> make_protocol(const arguments& given, const bench::shop_events& events) {
  if (given.what == "redis") return bench::make_redis(events);
  if (given.what == "postgres") return bench::make_postgres(events, given.user, given.database);
  std::string headers;
  if (!given.token.empty()) headers += "Authorization: Bearer " + given.token + "\r\n";
  for (const auto& header : given.headers)
    headers += header + "\r\n";
  const auto host = fmt::format("{}:{}", given.load.where.host, given.load.where.port);
  if (given.body_file.empty()) return bench::make_http(events, host, given.path, headers);
  std::ifstream in(given.body_file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + given.body_file);
  return bench::make_fixed_http({std::istreambuf_iterator<char>(in), {}}, host, given.path, headers);
}

bench::load_result run(arguments& given) {
  const auto in_ns = [](double seconds) {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9));
  };
  if (given.what == "sync") return bench::append_and_sync(given.file, in_ns(given.duration));
  if (given.what != "http" && given.load.events_per_request > 1)
    throw std::runtime_error("only http takes several events in one request");
  given.load.duration = in_ns(given.duration);
  given.load.warm_up = in_ns(given.warm_up);
  const bench::shop_events events(given.mix, given.run);
  const auto how = make_protocol(given, events);
  bench::record notes(given.seconds_file, given.accepted_file, events, given.load.events_per_request);
  std::function<void(const bench::finished_request&)> told;
  if (notes.wanted()) told = [&notes](const bench::finished_request& each) { notes.note(each); };
  bench::driver load(given.load, *how, std::move(told));
  auto result = load.run();
  notes.finish();
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Puts load on Cartrelay or on a peer and prints one JSON object.");
  arguments given;
  add_options(app, given);
  CLI11_PARSE(app, argc, argv);
  try {
    std::cout << bench::to_json(run(given), given.load.events_per_request) << std::endl;
  } catch (const std::exception& failure) {
    std::cerr << "cartrelay_load: " << failure.what() << '\n';
    return 1;
  }
  return 0;
}
