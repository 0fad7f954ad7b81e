#include "bench/load/record.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <iterator>
#include <stdexcept>

namespace cartrelay::bench {
namespace {

double in_us(std::chrono::nanoseconds span) {
  return static_cast<double>(span.count()) / 1e3;
}

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& span) {
    return static_cast<double>(span.tv_sec) + static_cast<double>(span.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

std::ofstream open(const std::string& path) {
  std::ofstream out;
  if (path.empty()) return out;
  out.open(path);
  if (!out) throw std::runtime_error("cannot write " + path);
  return out;
}

std::string percentiles(const histogram& latency) {
  return fmt::format(R"("p50_us":{:.1f},"p90_us":{:.1f},"p99_us":{:.1f},"p999_us":{:.1f},"max_us":{:.1f})",
                     in_us(latency.percentile(0.5)), in_us(latency.percentile(0.9)),
                     in_us(latency.percentile(0.99)), in_us(latency.percentile(0.999)), in_us(latency.max()));
}

}  // namespace

record::record(const std::string& seconds_path, const std::string& accepted_path, const shop_events& events,
               std::size_t events_per_request)
    : events_(events),
      events_per_request_(events_per_request),
      seconds_(open(seconds_path)),
      accepted_(open(accepted_path)),
      begin_(load_clock::now()),
      wall_offset_(std::chrono::system_clock::now().time_since_epoch() -
                   load_clock::now().time_since_epoch()) {}

void record::note(const finished_request& request) {
  const auto in_second = std::chrono::duration_cast<std::chrono::seconds>(request.answered - begin_).count();
  while (second_ < static_cast<std::uint64_t>(in_second))
    write_second();
  if (request.status == 0)
    ++broken_;
  else if (request.status >= 300)
    ++refused_;
  if (request.status == 0 || request.status >= 300) return;
  ++accepted_count_;
  latency_.add(request.answered - request.due);
  if (!accepted_.is_open()) return;
  const auto wall = [this](load_clock::time_point at) {
    return (at.time_since_epoch() + wall_offset_).count() / 1000;
  };
  for (std::size_t i = 0; i < events_per_request_; ++i)
    accepted_ << fmt::format("{}\t{}\t{}\n", events_.id(request.first_event + i), wall(request.sent),
                             wall(request.answered));
}

void record::write_second() {
  if (seconds_.is_open()) {
    seconds_ << fmt::format(R"({{"second":{},"accepted":{},"refused":{},"broken":{},{}}})", second_,
                            accepted_count_ * events_per_request_, refused_, broken_, percentiles(latency_))
             << std::endl;
  }
  ++second_;
  accepted_count_ = refused_ = broken_ = 0;
  latency_.clear();
}

void record::finish() {
  write_second();
  accepted_.flush();
}

std::string to_json(const load_result& result, std::size_t events_per_request) {
  std::string answers;
  for (const auto& [status, count] : result.answers)
    fmt::format_to(std::back_inserter(answers), R"({}"{}":{})", answers.empty() ? "" : ",", status, count);
  const auto seconds = static_cast<double>(result.measured.count()) / 1e9;
  const auto accepted = result.latency.count() * events_per_request;
  return fmt::format(
      R"({{"seconds":{:.3f},"requests":{},"events":{},"events_per_second":{:.1f},"mean_us":{:.1f},{},)"
      R"("answers":{{{}}},"broken":{},"next_event":{},"driver_cpu_s":{:.3f}}})",
      seconds, result.latency.count(), accepted, seconds > 0 ? static_cast<double>(accepted) / seconds : 0,
      in_us(result.latency.mean()), percentiles(result.latency), answers, result.broken, result.next_event,
      cpu_seconds());
}

}  // namespace cartrelay::bench
