#include "base/counted.hpp"
#include "dispatch/control.hpp"
#include "dispatch/dispatcher_implementation.hpp"
#include "dispatch/errc.hpp"
#include "queue/calls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

/// How a dispatcher takes over a configuration.
namespace cartrelay::dispatch {
namespace {

constexpr std::chrono::milliseconds longest_handover = std::chrono::seconds(30);

}  // namespace

/// A configuration on its way in: made as a whole before anything of it counts.
struct dispatcher::implementation::plan {
  struct item {
    destinations::options given;
    std::unique_ptr<equipment> with;  // absent: nothing changes, or it is new and opened
  };
  std::vector<item> items;
  change_report report;
};

/// Of the destinations that run; those that are opened are asked when they have been.
base::result<void> dispatcher::implementation::check_kinds(const plan& next) const {
  for (const auto& item : next.items) {
    const auto* running = find(item.given.name);
    if (!running) continue;
    auto fits = check_kind(running->options().kind, item.given);
    if (!fits) return fits;
  }
  return {};
}

base::result<void> dispatcher::implementation::prepare(plan& next) {
  if (auto fits = check_kinds(next); !fits) return fits;
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

/// What waits for one vendor means nothing to another: it would be skipped, for good. `before`: empty if not
/// known.
base::result<void> dispatcher::implementation::check_kind(const std::string& before,
                                                          const destinations::options& given) const {
  if (before.empty() || before == given.kind) return {};
  for (const auto& one : around_.log.stats().destinations)
    if (one.name == given.name && holds_events(one.counts))
      return fail(
          errc::other_kind,
          fmt::format("{}: it holds {} and {} for {}, which mean nothing to {}; give the new destination "
                      "another name",
                      given.name, base::counted(one.counts.backlog(), "unfinished event"),
                      base::counted(one.counts.dead_letters, "dead letter"), before, given.kind));
  return {};
}

base::task<base::result<loop_ptr>> dispatcher::implementation::open(std::unique_ptr<equipment> with) {
  const auto name = with->given.name;
  opening_.insert(name);
  co_await until_left(name);
  auto id = co_await register_destination(around_.log, around_.box, name);
  if (!id) co_return id.error();
  const lane_limits limits;
  auto stood = co_await acquire(around_.log, around_.box, *id, limits.capacity);
  if (!stood) co_return stood.error();
  if (const auto known = parse_control(stood->control)) {
    const auto fits = check_kind(known->kind, with->given);
    if (!fits) co_return fits.error();
  }
  const auto seed = seed_ + 0x9e3779b97f4a7c15u * *id;
  co_return std::make_unique<destination_loop>(around_, std::move(with), std::move(*stood), seed);
}

/// A destination of that name that was removed a moment ago must let go of the log first. It has the time for
/// its requests that the removal gave it, as long as whoever waits for it here can be kept waiting.
base::task<> dispatcher::implementation::until_left(std::string name) {
  const auto found = going_.find(name);
  if (found == going_.end()) co_return;
  const auto leaving = found->second;
  co_await leaving->finish(std::min(leaving->options().request_timeout, longest_handover));
}

base::task<> dispatcher::implementation::see_off(std::shared_ptr<destination_loop> leaving) {
  const auto name = leaving->options().name;
  co_await leaving->finish(leaving->options().request_timeout);
  // One that came back may have been removed again in the meantime.
  if (const auto found = going_.find(name); found != going_.end() && found->second == leaving) {
    gone_[name] = {leaving->options().kind, leaving->status({}).oldest_pending};  // until it is looked at
    going_.erase(found);
  }
  co_await look_at(leaving->id(), name);
}

base::task<base::result<change_report>> dispatcher::implementation::apply(
    std::vector<destinations::options> all) {
  auto applied = co_await apply_whole(std::move(all));
  opened_.clear();
  opening_.clear();
  replayed_meanwhile_.clear();
  look_at_gone();
  co_return applied;
}

base::task<base::result<change_report>> dispatcher::implementation::apply_whole(
    std::vector<destinations::options> all) {
  if (stopping_) co_return fail(errc::stopping);
  if (around_.log.traits().partitions != 1) co_return fail(errc::partitions);
  plan next;
  for (auto& given : all)
    next.items.push_back({std::move(given), nullptr});
  if (auto made = prepare(next); !made) co_return made.error();
  for (auto& item : next.items) {
    if (!item.with || find(item.given.name)) continue;
    auto opened = co_await open(std::move(item.with));
    if (!opened) co_return opened.error();
    opened_.push_back(std::move(*opened));
    erasing_.withdraw_late(*opened_.back());
  }
  if (stopping_) co_return fail(errc::stopping);
  // Events may have come for the old kinds while leases were waited for.
  if (auto fits = check_kinds(next); !fits) co_return fits.error();
  take_over(next);
  co_return std::move(next.report);
}

void dispatcher::implementation::take_over(plan& next) {
  auto before = std::exchange(loops_, {});
  auto opened = std::exchange(opened_, {});
  auto routes = std::make_shared<std::vector<route>>();
  for (auto& item : next.items) {
    const auto same_name = [&](const loop_ptr& loop) {
      return loop && loop->options().name == item.given.name;
    };
    if (const auto made = std::ranges::find_if(opened, same_name); made != opened.end()) {
      tell_replayed(**made, replayed_meanwhile_);
      (*made)->start();
      loops_.push_back(std::move(*made));
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

}  // namespace cartrelay::dispatch
