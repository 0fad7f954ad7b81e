#include "dispatch/destination_loop.hpp"

#include "base/log.hpp"
#include "queue/errc.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cartrelay::dispatch {
namespace {

constexpr std::size_t brought_back_at_once = 64;
/// So late is no busy machine any more.
constexpr std::chrono::seconds latest_wakeup{15};

}  // namespace

destination_loop::destination_loop(const surroundings& around, std::unique_ptr<equipment> with,
                                   queue::unit_state stood, std::uint64_t seed)
    : around_(around),
      held_(stood.held),
      with_(std::move(with)),
      lane_(with_->given, batch_rules::of(with_->given, *with_->kind), std::move(stood), now(), seed),
      memory_(around, held_.destination, lane_.records()),
      wake_(around.where),
      idle_(around.where),
      durable_(around.where),
      answered_(around.where),
      group_(around.where) {}

destination_loop::~destination_loop() = default;

const destinations::options& destination_loop::options() const noexcept {
  return next_ ? next_->given : with_->given;
}

void destination_loop::start() {
  group_.spawn(run());
}

void destination_loop::wake() {
  more_ = true;
  wake_.notify();
}

base::task<> destination_loop::run() {
  while (!over()) {
    const auto at = now();
    pump(at);
    due_ = std::min(lane_.next_wakeup(at).value_or(base::steady_time::max()), narrator_.due());
    co_await wake_.until(due_);
  }
  due_ = base::steady_time::max();
}

bool destination_loop::is_alive() const {
  return due_ == base::steady_time::max() || now().steady < due_ + latest_wakeup;
}

bool destination_loop::over() const noexcept {
  return stopping_ && lane_.in_flight() == 0 && !reading_ && (halted_ || lane_.settled());
}

void destination_loop::pump(instant at) {
  lane_.tick(at);
  narrator_.expired(lane_.take_expired());
  narrator_.left_in_doubt(lane_.take_in_doubt());
  tell(narrator_.overdue(with_->given, at.steady));
  if (next_ && lane_.in_flight() == 0 && !reading_) take_change(at);
  while (auto next = lane_.take(at))
    group_.spawn(deliver(std::move(*next)));
  if (!reading_ && !stopping_) read_on(at);
  if (!halted_)
    if (auto step = lane_.step(at)) group_.spawn(record(std::move(*step)));
  if (stopping_ && lane_.in_flight() == 0) idle_.notify();
  tell_state(at);
}

void destination_loop::read_on(instant at) {
  auto wanted = lane_.wants_back(brought_back_at_once);
  const bool ahead = wanted.empty() && more_ && lane_.wants_events(at);
  if (wanted.empty() && !ahead) return;
  reading_ = true;
  group_.spawn(ahead ? read() : bring_back(std::move(wanted)));
}

void destination_loop::change(std::unique_ptr<equipment> to) {
  lane_.close(true);
  if (next_) group_.spawn(retire(std::move(next_)));
  next_ = std::move(to);
  wake_.notify();
  wake_sleepers();
}

void destination_loop::take_change(instant at) {
  lane_.change(next_->given, batch_rules::of(next_->given, *next_->kind), at);
  group_.spawn(retire(std::exchange(with_, std::move(next_))));
  lane_.close(stopping_ || halted_);
}

base::task<> destination_loop::retire(std::unique_ptr<equipment> old) {
  co_await old->wire->stop();
}

destination_state destination_loop::shown_state(instant at) const {
  return options().enabled ? lane_.state(at) : destination_state::paused;
}

std::string destination_loop::shown_reason(instant at) const {
  if (!options().enabled) return "disabled";
  auto reason = lane_.reason(at);
  return next_ && reason.empty() ? "reload: waits for a request under way" : reason;
}

void destination_loop::tell_state(instant at) {
  const auto state = shown_state(at);
  if (state == std::exchange(told_, state)) return;
  const auto reason = shown_reason(at);
  if (state == destination_state::paused)
    base::log::info("destination {}: {}", with_->given.name, reason);
  else if (state == destination_state::active)
    base::log::info("destination {}: {}", with_->given.name,
                    told_hold_ ? "its hold is over" : "active again");
  else
    base::log::warning("destination {}: {} ({})", with_->given.name, to_string(state), reason);
  told_hold_ = state == destination_state::backing_off && !lane_.gates().down();
}

bool destination_loop::tells_all() {
  return base::log::enabled(base::log::level::debug);
}

void destination_loop::tell(const std::vector<narrator::line>& lines) {
  for (const auto& [at, words] : lines)
    base::log::at(at, "{}", words);
}

void destination_loop::tell_dead_letter(queue::sequence number, const event::event_ptr& what,
                                        std::string_view reason, instant at) {
  if (reason.empty()) return;
  tell(narrator_.dead_letter(with_->given, number, what.get(), reason, at.steady, tells_all()));
}

base::task<base::result<void>> destination_loop::pause(bool paused) {
  const auto due = lane_.pause(paused, now());
  wake_.notify();
  wake_sleepers();
  refused_.reset();
  while (!lane_.records().durable(due) && !halted_ && !cancelled_ && !refused_)
    co_await durable_.any();
  if (lane_.records().durable(due)) co_return base::result<void>();
  if (!refused_) co_return queue::fail(queue::errc::stopped, "the queue did not take it");
  co_return base::error{refused_->code, fmt::format("{} from now on, but that is not stored yet: {}",
                                                    paused ? "paused" : "resumed", refused_->message())};
}

void destination_loop::replayed(const std::vector<queue::sequence>& numbers) {
  lane_.replayed(numbers);
  wake_.notify();
}

base::task<> destination_loop::finish(std::chrono::milliseconds drain) {
  const auto until = now().steady + drain;
  const bool first = !std::exchange(stopping_, true);
  drain_until_ = first ? until : std::min(drain_until_, until);
  lane_.close(true);
  wake_.notify();
  idle_.notify();
  wake_sleepers();
  if (first) {
    while (lane_.in_flight() > 0 && now().steady < drain_until_)
      co_await idle_.until(drain_until_);
    cancelled_ = true;
    durable_.notify();
    wake_sleepers();
    if (next_) group_.spawn(retire(std::move(next_)));
    co_await with_->wire->stop();
  }
  co_await group_.join();
  if (first) tell(narrator_.overdue(with_->given, now().steady, true));
}

base::task<> destination_loop::record(queue::progress step) {
  auto recorded = co_await commit(around_.log, around_.box, held_, std::move(step));
  if (recorded) {
    lane_.committed();
  } else {
    lane_.refused(now());
    refused_ = recorded.error();
    const auto& code = recorded.error().code;
    if (stopping_ || code == queue::errc::stale_lease || code == queue::errc::stopped)
      halt(recorded.error());
    else
      base::log::warning("destination {}: its progress could not be stored yet: {}", with_->given.name,
                         recorded.error().message());
  }
  durable_.notify();
  wake_.notify();
}

void destination_loop::halt(const base::error& why) {
  halted_ = true;
  lane_.close(true);
  base::log::error("destination {}: delivery ends, its progress cannot be stored: {}", with_->given.name,
                   why.message());
}

base::task<> destination_loop::durable(outbox::ticket due) {
  while (!lane_.records().durable(due) && !halted_ && !cancelled_)
    co_await durable_.any();
}

base::task<> destination_loop::sleep_until(base::steady_time at) {
  if (cancelled_) co_return;
  base::timer alarm(around_.where, at);
  sleepers_.insert(&alarm);
  co_await alarm.async_wait(base::as_result);
  sleepers_.erase(&alarm);
}

/// They look again at what they wait for.
void destination_loop::wake_sleepers() {
  for (auto* sleeper : sleepers_)
    sleeper->cancel();
  answered_.notify();
}

base::task<> destination_loop::rest(base::error why) {
  constexpr std::chrono::seconds patience{10};
  const auto at = now().steady;
  if (at >= unreadable_told_) {
    base::log::error("destination {}: the log cannot be read: {}", with_->given.name, why.message());
    unreadable_told_ = at + patience;
  }
  const auto again = at + std::chrono::seconds(1);
  co_await sleep_until(again);
}

std::optional<base::timestamp> destination_loop::next_attempt(queue::sequence number,
                                                              std::optional<base::timestamp> stored) const {
  return stopping_ ? std::nullopt : lane_.next_attempt(number, stored, now());
}

destination_status destination_loop::status(const queue::totals& counts) const {
  const auto at = now();
  const auto seen = lane_.look(at);
  const auto& given = options();
  destination_status out;
  out.name = given.name;
  out.kind = given.kind;
  out.enabled = given.enabled;
  out.state = shown_state(at);
  out.reason = shown_reason(at);
  out.counts = counts;
  out.in_flight = seen.in_flight;
  out.retrying = seen.retrying;
  out.oldest_pending = seen.oldest_pending;
  if (out.state == destination_state::active && seen.ends_per_second)
    out.drain_eta_s = static_cast<double>(counts.backlog()) / *seen.ends_per_second;
  out.last_success_at = seen.last_success_at;
  out.next_attempt_at = seen.next_attempt_at;
  out.last_error = seen.last_error;
  out.request_p50_ms = latency_.percentile_ms(0.5);
  out.request_p99_ms = latency_.percentile_ms(0.99);
  return out;
}

}  // namespace cartrelay::dispatch
