#pragma once

#include "bench/load/histogram.hpp"
#include "bench/load/line.hpp"
#include "bench/load/protocol.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cartrelay::bench {

using load_clock = std::chrono::steady_clock;

struct load_options {
  target where;
  std::size_t connections = 64;
  std::chrono::nanoseconds duration{std::chrono::seconds(5)};
  std::chrono::nanoseconds warm_up{0};  ///< at the beginning of the duration; not counted
  std::uint64_t requests = 0;           ///< end after so many; 0: when the duration is over
  double rate = 0;  ///< requests a second, whatever the answers do; 0: as fast as they come
  std::size_t events_per_request = 1;
  std::uint64_t first_event = 0;
  bool reconnect = false;  ///< go on when connections break, instead of ending with an exception
};

/// One request, told as it ends.
struct finished_request {
  std::uint64_t first_event;
  int status;  ///< 0: the connection broke before the answer
  load_clock::time_point due, sent, answered;
};

struct load_result {
  histogram latency;                     ///< of the answers below 300; from when the request was due
  std::map<int, std::uint64_t> answers;  ///< by status
  std::uint64_t broken = 0;              ///< requests whose answer never came
  std::uint64_t next_event = 0;
  std::chrono::nanoseconds measured{0};
};

/// Puts requests to a server over a fixed number of connections, one at a time on each.
///
/// With a rate the loop is open: each request has a time at which it is due, and its latency counts from
/// then, whether or not a connection was free: a server that stalls is charged with everything that had to
/// wait (no coordinated omission). Without a rate the loop is closed: a connection's next request is due when
/// the answer to its last has come.
class driver {
 public:
  /// `how` outlives the driver. `told`, if any, hears of every request, also during the warm-up.
  driver(load_options settings, const protocol& how, std::function<void(const finished_request&)> told = {});
  ~driver();

  [[nodiscard]] load_result run();

 private:
  struct lane;

  void open(lane& each);
  void greet(lane& each);
  void start(lane& each, load_clock::time_point due);
  void start_due(load_clock::time_point now);
  void on_ready(lane& each);
  void take_answers(lane& each);
  void finish(lane& each, const answer& how);
  void lose(lane& each);
  void reopen_lost(load_clock::time_point now);
  void write(lane& each);
  void wait(load_clock::time_point until);
  [[nodiscard]] bool may_start(load_clock::time_point now) const;

  load_options settings_;
  const protocol& how_;
  std::function<void(const finished_request&)> told_;
  std::shared_ptr<ssl_ctx_st> tls_;
  int poll_;
  std::vector<std::unique_ptr<lane>> lanes_;
  std::deque<lane*> idle_;
  std::deque<lane*> lost_;
  load_clock::time_point begin_, end_, next_due_, reopen_at_;
  std::uint64_t started_ = 0;
  std::uint64_t busy_ = 0;
  load_result result_;
};

}  // namespace cartrelay::bench
