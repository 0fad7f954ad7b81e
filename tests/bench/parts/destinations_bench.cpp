// What one event costs each vendor kind: from the decoded event to the first request's bytes, and what an
// answer means.

#include "bench/parts/samples.hpp"
#include "destinations/judge.hpp"
#include "destinations/registry.hpp"

#include <benchmark/benchmark.h>

#include <memory>

namespace {

using namespace cartrelay;

std::unique_ptr<destinations::destination> make(const std::string& name) {
  const auto& kind = *destinations::find_kind(name);
  auto given = kind.defaults;
  given.name = given.kind = name;
  if (kind.secret != destinations::kind::secret_need::none) given.secret = base::secret("s3cret");
  if (given.url.empty()) given.url = "https://vendor.example";
  for (const auto& described : kind.settings)
    given.own[std::string(described.name)] = described.fallback;
  if (name == "reloadify") given.own["language"] = std::string("bg");
  if (name == "rokt") given.own["tag_id"] = std::string("tag-1");
  return kind.make(given).value();
}

void translate(benchmark::State& state, const std::string& kind, const std::string& type) {
  const auto vendor = make(kind);
  const auto what = std::make_shared<const event::event>(bench::sample(type));
  if (vendor->screen(*what).what != destinations::screening::outcome::send) {
    state.SkipWithError("the sample is not sent to this kind");
    return;
  }
  std::size_t bytes = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(vendor->screen(*what));
    benchmark::DoNotOptimize(vendor->order_keys(*what));
    auto attempt = vendor->begin({{what, {}}}, {});
    const auto request = attempt->next(bench::sample_time);
    bytes = request ? request->body.size() : 0;
    benchmark::DoNotOptimize(bytes);
  }
  state.counters["body"] = static_cast<double>(bytes);
}
BENCHMARK_CAPTURE(translate, releva, "releva", "order.paid");
BENCHMARK_CAPTURE(translate, reloadify, "reloadify", "cart.updated");
BENCHMARK_CAPTURE(translate, elevate, "elevate", "cart.item_added");
BENCHMARK_CAPTURE(translate, esputnik, "esputnik", "order.paid");
BENCHMARK_CAPTURE(translate, rokt, "rokt", "order.paid");

void judge(benchmark::State& state, int status) {
  const http::outcome came =
      http::response{status, {}, status < 300 ? "{}" : R"({"message":"no such thing"})"};
  for (auto _ : state)
    benchmark::DoNotOptimize(destinations::judge(came, bench::sample_time));
}
BENCHMARK_CAPTURE(judge, delivered, 202);
BENCHMARK_CAPTURE(judge, rejected, 422);

}  // namespace
