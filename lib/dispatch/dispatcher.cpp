#include "dispatch/dispatcher.hpp"

#include "base/counted.hpp"
#include "base/log.hpp"
#include "dispatch/clearance.hpp"
#include "dispatch/dispatcher_implementation.hpp"
#include "dispatch/replay.hpp"
#include "queue/calls.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace cartrelay::dispatch {
namespace {

/// Whoever saw it off may let go of it first.
base::task<> finish_kept(std::shared_ptr<destination_loop> leaving, std::chrono::milliseconds drain) {
  co_await leaving->finish(drain);
}

}  // namespace

base::task<> dispatcher::implementation::stop(std::chrono::milliseconds drain) {
  stopping_ = true;
  erasing_.stop();
  for (auto& loop : loops_)
    leaving_.spawn(loop->finish(drain));
  for (auto& [name, leaving] : going_)
    leaving_.spawn(finish_kept(leaving, drain));
  co_await leaving_.join();
  co_await erasing_.join();
}

destination_loop* dispatcher::implementation::find(const std::string& name) const {
  for (const auto& loop : loops_)
    if (loop->options().name == name) return loop.get();
  return nullptr;
}

void dispatcher::implementation::visit_all(const erasures::visitor& visit) const {
  for (const auto& loop : loops_)
    visit(*loop);
  for (const auto& loop : opened_)
    visit(*loop);
  for (const auto& [name, leaving] : going_)
    visit(*leaving);
}

base::task<base::result<bool>> dispatcher::implementation::pause(std::string name, bool paused) {
  auto* loop = find(name);
  if (!loop) co_return false;
  auto stored = co_await loop->pause(paused);
  if (!stored) co_return stored.error();
  co_return true;
}

base::task<base::result<std::size_t>> dispatcher::implementation::replay(queue::dead_letter_selection which) {
  auto done = co_await replay_dead_letters(around_, std::move(which));
  for (const auto& loop : loops_)
    tell_replayed(*loop, done.work);
  if (!opening_.empty())
    for (const auto& [id, numbers] : done.work)
      std::ranges::copy(numbers, std::back_inserter(replayed_meanwhile_[id]));
  look_at_gone();
  if (done.count)
    for (const auto& [id, numbers] : done.work)
      tell_settled(id, numbers.size(), "replayed");
  co_return done.count;
}

void dispatcher::implementation::tell_settled(queue::destination_id id, std::size_t count,
                                              std::string_view how) const {
  base::log::info("destination {}: {} {} by operator", name_of(id), base::counted(count, "dead letter"), how);
}

void dispatcher::implementation::tell_replayed(destination_loop& loop, const numbers_by_destination& what) {
  const auto mine = what.find(loop.id());
  if (mine == what.end()) return;
  loop.replayed(mine->second);
  erasing_.withdraw_late(loop);
}

base::task<base::result<std::size_t>> dispatcher::implementation::discard(
    queue::dead_letter_selection which) {
  const auto& asked = which.matching;
  const bool everything = which.keys.empty() && !asked.reason && !asked.before;
  const auto cleared = everything ? asked.destination : std::nullopt;
  auto given_up = co_await queue::discard(around_.log, around_.box, std::move(which), around_.time.now());
  if (!given_up) co_return given_up.error();
  const auto letters = given_up->size();
  std::map<queue::destination_id, std::size_t> counts;
  for (const auto& each : *given_up)
    ++counts[each.destination];
  for (const auto& [id, count] : counts)
    tell_settled(id, count, "discarded");
  if (!cleared) co_return letters;
  auto backlog = co_await clear(*cleared);
  if (!backlog) co_return backlog.error();
  co_return letters + *backlog;
}

/// The backlog of a destination that is not configured; of others nothing.
base::task<base::result<std::size_t>> dispatcher::implementation::clear(queue::destination_id id) {
  const auto name = name_of(id);
  co_await until_left(name);
  if (name.empty() || is_in_use(name)) co_return std::size_t(0);
  clearing_.insert(name);
  // Whoever comes back under that name takes the lease, which ends this.
  const std::weak_ptr<bool> alive = alive_;
  auto broken_off = [this, alive] { return alive.expired() || stopping_; };
  auto count = co_await discard_backlog(around_, id, std::move(broken_off));
  if (alive.expired()) co_return count;
  clearing_.erase(name);
  if (count && *count > 0)
    base::log::info("destination {}: {} of its backlog discarded by operator", name,
                    base::counted(*count, "event"));
  co_return count;
}

/// Those that hold events and have no loop: they change by command only, so what is found now stays true.
void dispatcher::implementation::look_at_gone() {
  if (stopping_) return;
  gone_.clear();
  for (const auto& one : around_.log.stats().destinations)
    if (holds_events(one.counts) && !is_in_use(one.name)) leaving_.spawn(look_at(one.id, one.name));
}

base::task<> dispatcher::implementation::look_at(queue::destination_id id, std::string name) {
  // One that is leaving is looked at once it has left: what it has in flight shall end.
  if (stopping_ || is_in_use(name) || clearing_.contains(name) || going_.contains(name)) co_return;
  auto seen = co_await look_back(around_, id);
  if (seen)
    gone_[name] = *seen;
  else if (!stopping_ && seen.error().code != queue::errc::stopped)
    base::log::warning("destination {}: its backlog cannot be looked at: {}", name, seen.error().message());
}

bool dispatcher::implementation::is_in_use(const std::string& name) const {
  return find(name) != nullptr || opening_.contains(name);
}

std::string dispatcher::implementation::name_of(queue::destination_id id) const {
  for (const auto& one : around_.log.stats().destinations)
    if (one.id == id) return one.name;
  return {};
}

void dispatcher::implementation::watch_log() {
  around_.log.on_append(box_, [this, alive = std::weak_ptr<bool>(alive_)] {
    if (alive.expired()) return;
    reader_.note_append();
    for (const auto& loop : loops_)
      loop->wake();
  });
}

std::vector<destination_status> dispatcher::implementation::status(const queue::queue_stats& held) const {
  std::vector<destination_status> out;
  for (const auto& loop : loops_) {
    const auto found = std::ranges::find(held.destinations, loop->id(), &queue::destination_stats::id);
    out.push_back(loop->status(found == held.destinations.end() ? queue::totals() : found->counts));
  }
  for (const auto& one : held.destinations)
    if (!find(one.name) && holds_events(one.counts)) out.push_back(status_of_gone(one));
  return out;
}

/// Its last requests may be under way.
destination_status dispatcher::implementation::status_of_gone(const queue::destination_stats& one) const {
  destination_status gone;
  if (const auto leaving = going_.find(one.name); leaving != going_.end()) {
    gone = leaving->second->status(one.counts);
    gone.drain_eta_s = std::nullopt;
    gone.next_attempt_at = std::nullopt;
  } else {
    gone.name = one.name;
    gone.counts = one.counts;
    gone.retrying = one.waiting;
    if (const auto seen = gone_.find(one.name); seen != gone_.end()) {
      gone.kind = seen->second.kind;
      if (one.counts.backlog() > 0) gone.oldest_pending = seen->second.oldest_pending;
    }
  }
  gone.configured = gone.enabled = false;
  gone.state = destination_state::paused;
  gone.reason = "not in the configuration";
  return gone;
}

dispatcher::dispatcher(base::executor where, queue::engine& log, const base::clock& time, std::uint64_t seed,
                       factories make)
    : self_(std::make_unique<implementation>(where, log, time, seed, std::move(make))) {}

dispatcher::~dispatcher() = default;

base::task<base::result<void>> dispatcher::start(std::vector<destinations::options> all) {
  auto applied = co_await self_->apply(std::move(all));
  if (!applied) co_return applied.error();
  self_->watch_log();
  co_await self_->erasing().resume();
  co_return base::result<void>();
}

base::task<base::result<change_report>> dispatcher::apply(std::vector<destinations::options> all) {
  return self_->apply(std::move(all));
}

base::task<> dispatcher::stop(std::chrono::milliseconds drain) {
  return self_->stop(drain);
}

routing_table dispatcher::routes() const {
  return self_->routes();
}

std::vector<destination_status> dispatcher::status(const queue::queue_stats& held) const {
  return self_->status(held);
}

std::vector<destination_status> dispatcher::status() const {
  return self_->status(self_->around().log.stats());
}

base::task<base::result<memories>> dispatcher::remembered(event::event_ptr what) {
  std::vector<half_known> known;
  self_->visit_all([&](destination_loop& loop) { loop.remember(*what, known); });
  const auto& around = self_->around();
  co_return co_await complete(around.log, around.box, std::move(known), around.time.now());
}

void dispatcher::foresee(queue::receipt& what) const {
  for (auto& line : what.lines) {
    if (line.ended) continue;
    auto& waiting = line.waiting ? *line.waiting : line.waiting.emplace();
    const auto stored = std::exchange(waiting.next_attempt, std::nullopt);
    self_->visit_all([&](const destination_loop& loop) {
      if (loop.id() == line.destination) waiting.next_attempt = loop.next_attempt(what.event.number, stored);
    });
  }
}

void dispatcher::grow_old() {
  self_->grow_old();
}

bool dispatcher::is_alive() const {
  bool all = true;
  self_->visit_all([&](const destination_loop& loop) { all = all && loop.is_alive(); });
  return all;
}

base::task<base::result<bool>> dispatcher::pause(std::string name) {
  return self_->pause(std::move(name), true);
}

base::task<base::result<bool>> dispatcher::resume(std::string name) {
  return self_->pause(std::move(name), false);
}

base::task<base::result<std::size_t>> dispatcher::replay(queue::dead_letter_selection which) {
  return self_->replay(std::move(which));
}

base::task<base::result<std::size_t>> dispatcher::discard(queue::dead_letter_selection which) {
  return self_->discard(std::move(which));
}

base::task<base::result<erasure_report>> dispatcher::erase(queue::customer_key who) {
  return self_->erasing().erase(std::move(who));
}

}  // namespace cartrelay::dispatch
