#pragma once

#include "bench/load/driver.hpp"
#include "bench/load/shop_events.hpp"

#include <fstream>
#include <string>

namespace cartrelay::bench {

/// Writes down what happens during a run: a line of JSON for each second, and a line for each event that was
/// accepted.
class record {
 public:
  /// An empty path: not that file. `events` outlives the record. Throws std::runtime_error if a file cannot
  /// be written.
  record(const std::string& seconds_path, const std::string& accepted_path, const shop_events& events,
         std::size_t events_per_request);

  [[nodiscard]] bool wanted() const noexcept { return seconds_.is_open() || accepted_.is_open(); }
  void note(const finished_request& request);
  /// The last, unfinished second.
  void finish();

 private:
  void write_second();

  const shop_events& events_;
  std::size_t events_per_request_;
  std::ofstream seconds_, accepted_;
  load_clock::time_point begin_;
  std::chrono::nanoseconds wall_offset_;  // system clock less steady clock
  std::uint64_t second_ = 0, accepted_count_ = 0, refused_ = 0, broken_ = 0;
  histogram latency_;
};

/// The result as one JSON object.
[[nodiscard]] std::string to_json(const load_result& result, std::size_t events_per_request);

}  // namespace cartrelay::bench
