#include "dispatch/dispatcher.hpp"

#include "base/log.hpp"
#include "base/task_group.hpp"
#include "dispatch/bygone.hpp"
#include "dispatch/clearance.hpp"
#include "dispatch/destination_loop.hpp"
#include "dispatch/erasures.hpp"
#include "dispatch/errc.hpp"
#include "dispatch/log_calls.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace cartrelay::dispatch {

using loop_ptr = std::unique_ptr<destination_loop>;

class dispatcher::implementation {
 public:
  implementation(base::executor where, queue::engine& log, const base::clock& time, std::uint64_t seed,
                 factories make)
      : box_(where),
        reader_(where, log, box_),
        around_{where, box_, log, time, reader_},
        make_(std::move(make)),
        seed_(seed),
        leaving_(where),
        erasing_(around_, [this](const erasures::visitor& visit) { visit_all(visit); }),
        routes_(std::make_shared<std::vector<route>>()) {}

  base::task<base::result<change_report>> apply(std::vector<destinations::options> all);
  base::task<> stop(std::chrono::milliseconds drain);
  base::task<base::result<bool>> pause(std::string name, bool paused);
  base::task<base::result<std::size_t>> replay(queue::dead_letter_selection which);
  base::task<base::result<std::size_t>> discard(queue::dead_letter_selection which);
  void watch_log();
  void visit_all(const erasures::visitor& visit) const;

  routing_table routes() const { return routes_; }
  std::vector<destination_status> status() const;
  erasures& erasing() noexcept { return erasing_; }
  const surroundings& around() const noexcept { return around_; }

 private:
  struct plan;

  [[nodiscard]] destination_loop* find(const std::string& name) const;
  /// The name of a destination that has, or is about to get, a loop is nobody else's.
  [[nodiscard]] bool is_in_use(const std::string& name) const;
  [[nodiscard]] std::string name_of(queue::destination_id id) const;
  base::task<base::result<std::size_t>> clear(queue::destination_id id);
  void look_at_gone();
  base::task<> look_at(queue::destination_id id, std::string name);
  base::task<base::result<change_report>> apply_whole(std::vector<destinations::options> all);
  base::result<void> prepare(plan& next);
  base::task<base::result<loop_ptr>> open(std::unique_ptr<equipment> with);
  base::task<> until_left(std::string name);
  base::task<> see_off(std::shared_ptr<destination_loop> leaving);
  void take_over(plan& next);

  base::mailbox box_;
  log_reader reader_;
  surroundings around_;
  factories make_;
  std::uint64_t seed_;
  std::vector<loop_ptr> loops_;  // in the order of the configuration
  std::map<std::string, std::shared_ptr<destination_loop>> going_;
  std::map<std::string, bygone> gone_;  // what is shown of those without a loop
  std::set<std::string> clearing_;      // being discarded: the lease is taken
  std::set<std::string> opening_;       // by the configuration on its way in
  base::task_group leaving_;
  erasures erasing_;
  routing_table routes_;
  bool stopping_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

/// A configuration on its way in: made as a whole before anything of it counts.
struct dispatcher::implementation::plan {
  struct item {
    destinations::options given;
    std::unique_ptr<equipment> with;  // absent: nothing changes
    loop_ptr opened;                  // if it is new
  };
  std::vector<item> items;
  change_report report;
};

destination_loop* dispatcher::implementation::find(const std::string& name) const {
  for (const auto& loop : loops_)
    if (loop->options().name == name) return loop.get();
  return nullptr;
}

base::result<void> dispatcher::implementation::prepare(plan& next) {
  for (auto& item : next.items) {
    const auto* running = find(item.given.name);
    const bool same = running && running->options() == item.given;
    auto& list = !running ? next.report.added : same ? next.report.unchanged : next.report.changed;
    list.push_back(item.given.name);
    if (same) continue;
    auto made = equip(make_, around_.where, item.given);
    if (!made) return made.error();
    item.with = std::move(*made);
  }
  return {};
}

base::task<base::result<loop_ptr>> dispatcher::implementation::open(std::unique_ptr<equipment> with) {
  const auto name = with->given.name;
  opening_.insert(name);
  co_await until_left(name);
  auto id = co_await register_name(around_.log, around_.box, name);
  if (!id) co_return id.error();
  auto stood = co_await acquire(around_.log, around_.box, *id);
  if (!stood) co_return stood.error();
  const auto seed = seed_ + 0x9e3779b97f4a7c15u * *id;
  co_return std::make_unique<destination_loop>(around_, std::move(with), std::move(*stood), seed);
}

/// A destination of that name that was removed a moment ago must let go of the log first.
base::task<> dispatcher::implementation::until_left(std::string name) {
  const auto found = going_.find(name);
  if (found == going_.end()) co_return;
  const auto leaving = found->second;
  co_await leaving->finish(std::chrono::milliseconds(0));
}

base::task<> dispatcher::implementation::see_off(std::shared_ptr<destination_loop> leaving) {
  const auto name = leaving->options().name;
  co_await leaving->finish(leaving->options().request_timeout);
  // One that came back may have been removed again in the meantime.
  if (const auto found = going_.find(name); found != going_.end() && found->second == leaving)
    going_.erase(found);
}

base::task<base::result<change_report>> dispatcher::implementation::apply(
    std::vector<destinations::options> all) {
  auto applied = co_await apply_whole(std::move(all));
  opening_.clear();
  look_at_gone();
  co_return applied;
}

base::task<base::result<change_report>> dispatcher::implementation::apply_whole(
    std::vector<destinations::options> all) {
  if (stopping_) co_return fail(errc::stopping);
  if (around_.log.traits().partitions != 1) co_return fail(errc::partitions);
  plan next;
  for (auto& given : all)
    next.items.push_back({std::move(given), nullptr, nullptr});
  if (auto made = prepare(next); !made) co_return made.error();
  for (auto& item : next.items) {
    if (!item.with || find(item.given.name)) continue;
    auto opened = co_await open(std::move(item.with));
    if (!opened) co_return opened.error();
    item.opened = std::move(*opened);
  }
  if (stopping_) co_return fail(errc::stopping);
  take_over(next);
  co_return std::move(next.report);
}

void dispatcher::implementation::take_over(plan& next) {
  auto before = std::exchange(loops_, {});
  auto routes = std::make_shared<std::vector<route>>();
  for (auto& item : next.items) {
    const auto same_name = [&](const loop_ptr& loop) {
      return loop && loop->options().name == item.given.name;
    };
    if (item.opened) {
      item.opened->start();
      loops_.push_back(std::move(item.opened));
    } else {
      auto& running = *std::find_if(before.begin(), before.end(), same_name);
      if (item.with) running->change(std::move(item.with));
      loops_.push_back(std::move(running));
    }
    if (item.given.enabled) routes->push_back({loops_.back()->id(), item.given});
  }
  for (auto& gone : before) {
    if (!gone) continue;
    next.report.removed.push_back(gone->options().name);
    const std::shared_ptr<destination_loop> leaving = std::move(gone);
    going_[leaving->options().name] = leaving;
    leaving_.spawn(see_off(leaving));
  }
  routes_ = std::move(routes);
}

base::task<> dispatcher::implementation::stop(std::chrono::milliseconds drain) {
  stopping_ = true;
  erasing_.stop();
  for (auto& loop : loops_)
    leaving_.spawn(loop->finish(drain));
  for (auto& [name, leaving] : going_)
    leaving_.spawn(leaving->finish(drain));
  co_await leaving_.join();
  co_await erasing_.join();
}

void dispatcher::implementation::visit_all(const erasures::visitor& visit) const {
  for (const auto& loop : loops_)
    visit(*loop);
  for (const auto& [name, leaving] : going_)
    visit(*leaving);
}

base::task<base::result<bool>> dispatcher::implementation::pause(std::string name, bool paused) {
  auto* loop = find(name);
  if (!loop) co_return false;
  auto stored = co_await loop->pause(paused);
  if (!stored) co_return stored.error();
  base::log::info("destination {}: {} by operator", name, paused ? "paused" : "resumed");
  co_return true;
}

base::task<base::result<std::size_t>> dispatcher::implementation::replay(queue::dead_letter_selection which) {
  auto put_back = co_await requeue(around_.log, around_.box, std::move(which), around_.time.now());
  if (!put_back) co_return put_back.error();
  std::map<queue::destination_id, std::vector<queue::sequence>> numbers;
  for (const auto& key : *put_back)
    numbers[key.destination].push_back(key.number);
  for (const auto& loop : loops_)
    if (const auto mine = numbers.find(loop->id()); mine != numbers.end()) loop->replayed(mine->second);
  look_at_gone();
  co_return put_back->size();
}

base::task<base::result<std::size_t>> dispatcher::implementation::discard(
    queue::dead_letter_selection which) {
  const auto& asked = which.matching;
  const bool everything = which.keys.empty() && !asked.reason && !asked.before;
  const auto cleared = everything ? asked.destination : std::nullopt;
  auto given_up = co_await dispatch::discard(around_.log, around_.box, std::move(which), around_.time.now());
  if (!given_up) co_return given_up.error();
  const auto letters = given_up->size();
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
    base::log::info("destination {}: {} events of its backlog discarded by operator", name, *count);
  co_return count;
}

/// Those that hold events and have no loop: they change by command only, so what is found now stays true.
void dispatcher::implementation::look_at_gone() {
  if (stopping_) return;
  gone_.clear();
  for (const auto& one : around_.log.stats().destinations)
    if (one.counts.backlog() > 0 && !is_in_use(one.name)) leaving_.spawn(look_at(one.id, one.name));
}

base::task<> dispatcher::implementation::look_at(queue::destination_id id, std::string name) {
  co_await until_left(name);
  if (stopping_ || is_in_use(name) || clearing_.contains(name)) co_return;
  auto seen = co_await look_back(around_, id);
  if (seen)
    gone_[name] = *seen;
  else if (!stopping_)
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
    for (const auto& loop : loops_)
      loop->wake();
  });
}

std::vector<destination_status> dispatcher::implementation::status() const {
  const auto figures = around_.log.stats();
  std::vector<destination_status> out;
  for (const auto& loop : loops_) {
    const auto same = [&](const queue::destination_stats& one) { return one.id == loop->id(); };
    const auto found = std::find_if(figures.destinations.begin(), figures.destinations.end(), same);
    out.push_back(loop->status(found == figures.destinations.end() ? queue::totals() : found->counts));
  }
  for (const auto& one : figures.destinations) {
    if (find(one.name) || (one.counts.backlog() == 0 && one.counts.dead_letters == 0)) continue;
    destination_status gone;
    gone.name = one.name;
    gone.configured = gone.enabled = false;
    gone.counts = one.counts;
    gone.retrying = one.waiting;
    if (const auto seen = gone_.find(one.name); seen != gone_.end() && one.counts.backlog() > 0) {
      gone.state = seen->second.state;
      gone.oldest_pending = seen->second.oldest_pending;
    }
    out.push_back(std::move(gone));
  }
  return out;
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
  co_return co_await self_->apply(std::move(all));
}

base::task<> dispatcher::stop(std::chrono::milliseconds drain) {
  co_await self_->stop(drain);
}

routing_table dispatcher::routes() const {
  return self_->routes();
}

std::vector<destination_status> dispatcher::status() const {
  return self_->status();
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

bool dispatcher::is_alive() const {
  bool all = true;
  self_->visit_all([&](const destination_loop& loop) { all = all && loop.is_alive(); });
  return all;
}

base::task<base::result<bool>> dispatcher::pause(std::string name) {
  co_return co_await self_->pause(std::move(name), true);
}

base::task<base::result<bool>> dispatcher::resume(std::string name) {
  co_return co_await self_->pause(std::move(name), false);
}

base::task<base::result<std::size_t>> dispatcher::replay(queue::dead_letter_selection which) {
  co_return co_await self_->replay(std::move(which));
}

base::task<base::result<std::size_t>> dispatcher::discard(queue::dead_letter_selection which) {
  co_return co_await self_->discard(std::move(which));
}

base::task<base::result<erasure_report>> dispatcher::erase(queue::customer_key who) {
  co_return co_await self_->erasing().erase(std::move(who));
}

}  // namespace cartrelay::dispatch
