// What one event costs the ingest thread: parse and validation in one pass, then what the queue is given.

#include "bench/parts/samples.hpp"
#include "destinations/registry.hpp"
#include "event/stored.hpp"
#include "ingest/submission.hpp"

#include <benchmark/benchmark.h>

#include <stdexcept>

namespace {

using namespace cartrelay;

/// As ingest does it: what is checked and not needed for storing is not kept.
void outline(std::string_view body, event::encoding how, std::size_t events, const event::options& rules) {
  const auto read = event::outline_body(body, how, events, bench::sample_time, rules,
                                        [](const event::event& each) { benchmark::DoNotOptimize(each); });
  if (!read) throw std::logic_error("a sample that is not valid");
}

void parse_and_validate(benchmark::State& state, const std::string& type) {
  const auto json = bench::sample_json(type);
  event::options rules;
  rules.refs = destinations::known_refs();
  for (auto _ : state)
    outline(json, event::encoding::json, 1, rules);
  state.SetBytesProcessed(static_cast<std::int64_t>(json.size()) * state.iterations());
}
BENCHMARK_CAPTURE(parse_and_validate, product_viewed, "product.viewed");
BENCHMARK_CAPTURE(parse_and_validate, cart_updated, "cart.updated");
BENCHMARK_CAPTURE(parse_and_validate, order_paid, "order.paid");

void parse_100_lines(benchmark::State& state) {
  std::string lines;
  const bench::shop_events events({}, "p");
  for (std::uint64_t i = 0; i < 100; ++i) {
    events.append(lines, i);
    lines += '\n';
  }
  event::options rules;
  rules.refs = destinations::known_refs();
  for (auto _ : state)
    outline(lines, event::encoding::ndjson, 100, rules);
  state.SetItemsProcessed(100 * state.iterations());
}
BENCHMARK(parse_100_lines);

/// Encoding, routing, key and search terms of an event that was parsed.
void to_new_event(benchmark::State& state) {
  const auto accepted = bench::sample("order.paid");
  const ingest::router route = [](const event::event&) {
    return std::vector<queue::destination_id>{1, 2, 4, 5};
  };
  for (auto _ : state)
    benchmark::DoNotOptimize(ingest::to_new_event(accepted, route));
}
BENCHMARK(to_new_event);

/// What the dispatcher pays once for all destinations.
void decode_stored(benchmark::State& state) {
  const auto stored = event::encode(bench::sample("order.paid"));
  for (auto _ : state)
    benchmark::DoNotOptimize(event::decode(stored));
}
BENCHMARK(decode_stored);

}  // namespace
