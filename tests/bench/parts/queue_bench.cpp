// What the queue costs: a call that waits for its sync, groups that share one, and reading the log.
// The store lies below the working directory: run it on the disk that matters.

#include "base/completion.hpp"
#include "bench/parts/samples.hpp"
#include "ingest/submission.hpp"
#include "queue/open.hpp"

#include <benchmark/benchmark.h>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <vector>

namespace {

using namespace cartrelay;

/// A store in a folder of its own, and the I/O thread of its answers: this one.
class stage {
 public:
  stage() {
    std::string name = std::filesystem::current_path() / "parts-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder can be made here");
    settings_.path = name;
    settings_.max_size = 60ull << 30;
    opened_ = queue::open(settings_, base::system_clock()).value();
  }
  ~stage() {
    opened_->close();
    opened_.reset();
    std::filesystem::remove_all(settings_.path);
  }
  stage(const stage&) = delete;
  stage& operator=(const stage&) = delete;

  /// Appends `count` fresh events, each in a call of its own, and waits for all.
  void append(std::size_t count) {
    std::vector<queue::new_event> events;
    for (std::size_t i = 0; i < count; ++i)
      events.push_back(ingest::to_new_event(
          make(next_++), [](const event::event&) { return std::vector<queue::destination_id>(); }));
    std::size_t left = count;
    for (auto& event : events) {
      std::vector<queue::new_event> one;
      one.push_back(std::move(event));
      opened_->append(std::move(one), {box_, [&](base::result<std::vector<queue::append_outcome>> done) {
                                         if (!done) throw std::runtime_error(done.error().message());
                                         --left;
                                       }});
    }
    while (left > 0)
      io_.run_one();
  }

  /// Reads the whole log in steps and says how many records came.
  std::size_t read_all() {
    std::size_t count = 0;
    queue::sequence after = 0;
    bool more = true;
    while (more) {
      bool waiting = true;
      opened_->read(0, after, {}, {box_, [&](base::result<queue::read_batch> done) {
                                     count += done->records.size();
                                     after = done->position;
                                     more = !done->at_end;
                                     waiting = false;
                                   }});
      while (waiting)
        io_.run_one();
    }
    return count;
  }

 private:
  event::event make(std::uint64_t number) {
    json_.clear();
    events_.append(json_, number);
    return std::move(event::parse_body(json_, event::encoding::json, 1, bench::sample_time, rules_)->front());
  }

  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<base::executor> work_{io_.get_executor()};
  base::mailbox box_{io_.get_executor()};
  queue::options settings_;
  event::options rules_;
  std::unique_ptr<queue::engine> opened_;
  bench::shop_events events_{{}, "q"};
  std::string json_;
  std::uint64_t next_ = 0;
};

/// Calls that wait together share a sync; making the events is part of it (see parse_and_validate).
void commit(benchmark::State& state) {
  stage here;
  const auto size = static_cast<std::size_t>(state.range(0));
  for (auto _ : state)
    here.append(size);
  state.SetItemsProcessed(static_cast<std::int64_t>(size) * state.iterations());
}
BENCHMARK(commit)->Arg(1)->Arg(16)->Arg(64)->Arg(256)->UseRealTime();

void read_log(benchmark::State& state) {
  stage here;
  for (int i = 0; i < 100; ++i)
    here.append(500);
  std::size_t count = 0;
  for (auto _ : state)
    count += here.read_all();
  state.SetItemsProcessed(static_cast<std::int64_t>(count));
}
BENCHMARK(read_log)->UseRealTime();

}  // namespace
