#include "simulation/run.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <exception>

/// Runs seeds until one breaks a promise, or a time is over that was asked for. The seed that fails is
/// printed: it fails again.
int main(int argc, char** argv) {
  CLI::App app("Delivery under outages, poisoned events and crashes, in simulated time.");
  std::uint64_t first = 1, seeds = 2'000;
  double seconds = 0;
  unsigned sick_keys = 0;
  bool tell = false;
  app.add_option("--first", first, "the first seed");
  app.add_option("--seeds", seeds, "how many");
  app.add_option("--seconds", seconds,
                 "stop after so long, however many were run (one at least); 0: run them all");
  app.add_option("--sick-keys", sick_keys,
                 "of a hundred keys, so many at the most that the vendor answers with 500")
      ->check(CLI::Range(0, 100));
  app.add_flag("--tell", tell, "say what happened in each");
  CLI11_PARSE(app, argc, argv);

  const auto begin = std::chrono::steady_clock::now();
  const auto elapsed = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  std::uint64_t done = 0, events = 0, crashes = 0;
  for (auto seed = first; seed < first + seeds; ++seed, ++done) {
    if (done > 0 && seconds > 0 && elapsed() > seconds) break;
    try {
      const auto told = cartrelay::simulation::run(seed, sick_keys);
      events += told.events;
      crashes += told.crashes;
      if (tell)
        fmt::print("seed {}: {} events, {} crashes, {} replays, {} changes;{}\n", seed, told.events,
                   told.crashes, told.replays, told.changes, told.words);
    } catch (const std::exception& broken) {
      fmt::print(stderr, "seed {} failed: {}\nagain: --first {} --seeds 1\n", seed, broken.what(), seed);
      return 1;
    }
  }
  fmt::print("{} of {} seeds, {} events, {} crashes in {:.1f} s: every promise was kept\n", done, seeds,
             events, crashes, elapsed());
  return 0;
}
