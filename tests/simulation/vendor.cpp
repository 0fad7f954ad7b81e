#include "simulation/vendor.hpp"

#include "simulation/violation.hpp"

#include <algorithm>
#include <functional>

namespace cartrelay::simulation {

using namespace std::chrono_literals;

std::vector<const shop::entry*> events_of(const http::request& asked, const shop& log) {
  std::vector<const shop::entry*> out;
  std::string_view left = asked.body;
  while (!left.empty()) {
    const auto end = std::min(left.find(','), left.size());
    out.push_back(log.find(number_of(left.substr(0, end))));
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  return out;
}

vendor::vendor(const shop& log, const scenario& how, std::uint64_t seed, dispatch::instant begin,
               base::duration trouble)
    : log_(log), how_(how), random_(seed), peace_at_(begin) {
  auto at = begin.steady;
  while (at < begin.steady + trouble) {
    at += between(random_, 500ms, 45s);
    const bool well = how.sick_keys > 0 || chance(random_, 40);
    phases_.push_back({at, well ? mood::healthy : static_cast<mood>(1 + random_.below(8))});
  }
  peace_at_ = {begin.wall + std::chrono::duration_cast<std::chrono::microseconds>(at - begin.steady), at};
}

vendor::answer vendor::receive(const http::request& asked, dispatch::instant now) {
  check_rate(now.steady);
  auto out = react(asked, now);
  note(asked, out.outcome);
  return out;
}

vendor::answer vendor::react(const http::request& asked, dispatch::instant now) {
  const auto latency = between(random_, 1ms, 300ms);
  switch (mood_at(now.steady)) {
    case mood::healthy:
      return process(asked, now);
    case mood::slow: {
      auto late = process(asked, now);
      late.after += between(random_, 1s, 20s);
      return late;
    }
    case mood::down:
      return answered(chance(random_, 50) ? 503 : 500, latency);
    case mood::down_until_told:
      return answered(503, latency, std::to_string(1 + random_.below(20)));
    case mood::unreachable:
      return {latency, http::failure{http::stage::connect, "connection refused"}};
    case mood::silent: {
      // It may have acted all the same.
      if (chance(random_, 50)) {
        const auto done = process(asked, now);
        if (done.outcome && done.outcome->status < 300 && asked.method == "POST")
          for (const auto* event : events_of(asked, log_))
            ++excused_[event->number];
      }
      return {chance(random_, 50) ? 30s : latency, http::failure{http::stage::sent, "no answer"}};
    }
    case mood::throttling:
      return answered(429, latency);
    case mood::throttling_told:
      return answered(429, latency, std::to_string(1 + random_.below(chance(random_, 5) ? 100'000 : 30)));
    case mood::refusing:
      return answered(chance(random_, 50) ? 401 : 403, latency);
  }
  return process(asked, now);
}

vendor::answer vendor::process(const http::request& asked, dispatch::instant now) {
  static_cast<void>(now);
  const auto batch = events_of(asked, log_);
  check_batch(batch);
  const auto latency = between(random_, 1ms, 300ms);
  const bool stumbles = std::any_of(batch.begin(), batch.end(),
                                    [this](const shop::entry* event) { return stumbles_over(*event->what); });
  if (stumbles) return answered(500, latency);
  const bool poisoned = std::any_of(batch.begin(), batch.end(), [](const shop::entry* event) {
    return fate_of(*event->what) == fate::poisoned;
  });
  if (poisoned) return answered(chance(random_, 50) ? 400 : 422, latency);
  if (asked.method == "GET") return answered(200, latency);
  check_memory(asked, *batch.front());
  for (const auto* event : batch)
    accept(*event);
  return answered(202, latency);
}

vendor::answer vendor::answered(int status, base::duration after, std::string retry_after) {
  http::response out;
  out.status = status;
  if (!retry_after.empty()) out.headers.add("Retry-After", std::move(retry_after));
  return {after, std::move(out)};
}

void vendor::accept(const shop::entry& event) {
  const auto times = ++accepted_[event.number];
  require(times <= 1 + excused_[event.number], "{} was delivered again without a reason", event.what->id);
  const auto cart = cart_of(*event.what);
  if (how_.remembers && event.what->data.cart && !event.what->partition_key) stands_[cart] = event.what->id;
  if (times > 1 || excused_[event.number] > 0) return;  // a repeat or a replay may come late
  for (const auto& key : keys_of(*event.what)) {
    auto& newest = newest_[key];
    require(newest < event.number, "{} comes after {}, which shares the key {}", event.what->id, newest, key);
    newest = event.number;
  }
}

void vendor::note(const http::request& asked, const http::outcome& answered) {
  const bool confirms = asked.method == "POST" && answered && answered->status < 300;
  const bool leaves_open = !answered && answered.error().in_doubt();
  for (const auto* event : events_of(asked, log_)) {
    if (confirms) confirmed_.insert(event->number);
    if (leaves_open) left_open_.insert(event->number);
  }
}

void vendor::check_batch(const std::vector<const shop::entry*>& batch) const {
  const auto& most = how_.given.batch;
  require(batch.size() <= most.max_events, "a batch of {} events", batch.size());
  std::set<std::string> keys;
  std::size_t bytes = 0;
  for (const auto* event : batch) {
    bytes += event->what->id.size() + 1;
    for (const auto& key : keys_of(*event->what))
      require(keys.insert(key).second, "a batch holds two events of {}", key);
  }
  require(batch.size() == 1 || bytes <= most.max_bytes, "a batch of {} bytes", bytes);
}

/// What the daemon believes to have sent last is what was accepted last.
void vendor::check_memory(const http::request& asked, const shop::entry& event) const {
  const auto believed = asked.headers.find("Expects").value_or("");
  if (believed.empty()) return;
  const auto found = stands_.find(cart_of(*event.what));
  require(found != stands_.end() && found->second == believed, "{} was sent believing that {} stands there",
          event.what->id, believed);
}

void vendor::check_rate(base::steady_time now) {
  arrivals_.push_back(now);
  const auto& rate = how_.given.rate;
  if (rate.per_second <= 0) return;
  const double burst = std::max(1.0, rate.burst > 0 ? rate.burst : rate.per_second);
  double count = 0;
  for (auto first = arrivals_.rbegin(); first != arrivals_.rend(); ++first) {
    const std::chrono::duration<double> span = now - *first;
    ++count;
    require(count <= burst + span.count() * rate.per_second + 1e-3,
            "{} requests in {} s, {} a second and {} at once allowed", count, span.count(), rate.per_second,
            burst);
    if (span > 20s) break;
  }
}

void vendor::daemon_restarted(const std::set<queue::sequence>& unknown) {
  arrivals_.clear();
  for (const auto number : unknown) {
    if (accepted_.contains(number)) ++excused_[number];
    confirmed_.erase(number);
    left_open_.erase(number);
  }
}

void vendor::replayed(queue::sequence number) {
  ++excused_[number];
  confirmed_.erase(number);
  left_open_.erase(number);
}

void vendor::settings_changed(const scenario& how) {
  if (how.given.rate != how_.given.rate) arrivals_.clear();
  how_ = how;
}

bool vendor::stumbles_over(const event::event& what) const {
  const auto keys = keys_of(what);
  return std::any_of(keys.begin(), keys.end(), [this](const std::string& key) {
    return std::hash<std::string>()(key) % 100 < how_.sick_keys;
  });
}

vendor::mood vendor::mood_at(base::steady_time now) {
  while (!phases_.empty() && phases_.front().until <= now)
    phases_.pop_front();
  return phases_.empty() ? mood::healthy : phases_.front().how;
}

}  // namespace cartrelay::simulation
