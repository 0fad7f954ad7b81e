#include "dispatch/erasures.hpp"

#include "base/counted.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "dispatch/errc.hpp"
#include "event/stored.hpp"
#include "queue/calls.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <utility>

namespace cartrelay::dispatch {
namespace {

using namespace std::chrono_literals;

std::vector<queue::sequence> numbers_of(const std::vector<queue::record>& events) {
  std::vector<queue::sequence> numbers(events.size());
  std::ranges::transform(events, numbers.begin(), &queue::record::number);
  return numbers;
}

/// What cannot be read will not be read the next time either: then the erasure stays open, for the next
/// start.
bool may_pass(const base::error& failure) {
  return failure.code != queue::errc::corrupt && failure.code != queue::errc::not_found;
}

/// The key's value as shops may have written it.
std::vector<std::string> spellings(const queue::customer_key& who) {
  if (who.by == queue::customer_key::kind::email) return {who.value, base::to_lower(who.value)};
  return {who.value};
}

/// Whom an event names that has this spelling, which outlives it.
event::customer named(queue::customer_key::kind by, std::string_view spelling) {
  event::customer out;
  switch (by) {
    case queue::customer_key::kind::id:
      out.id = spelling;
      break;
    case queue::customer_key::kind::email:
      out.email = spelling;
      break;
    case queue::customer_key::kind::phone:
      out.phone = spelling;
      break;
  }
  return out;
}

}  // namespace

struct erasures::run {
  explicit run(base::executor where) : changed(where), pause(where) {}

  queue::erasure_id number = 0;
  erasure_report report;
  std::vector<queue::record> page;  // the events that are being emptied
  condition changed;
  base::timer pause;
  std::optional<base::result<erasure_report>> outcome;

  void settle(base::result<erasure_report> how) {
    outcome = std::move(how);
    changed.notify();
  }
};

erasures::erasures(const surroundings& around, std::function<void(const visitor&)> all)
    : around_(around), all_(std::move(all)), free_(around.where), group_(around.where) {}

base::task<base::result<erasure_report>> erasures::erase(queue::customer_key who) {
  if (stopping_) co_return fail(errc::stopping);
  auto known = memory_of(who);
  const auto begun = co_await begin_erasure(around_.log, around_.box, std::move(who), std::move(known));
  all_([](destination_loop& loop) { loop.forget_memory(); });
  if (!begun) co_return begun.error();
  const auto mine = add(*begun);
  while (!mine->outcome && !stopping_)
    co_await mine->changed.any();
  if (!mine->outcome) co_return fail(errc::stopping, "the erasure goes on after the next start");
  co_return *mine->outcome;
}

base::task<> erasures::resume() {
  const auto open = co_await open_erasures(around_.log, around_.box);
  if (!open) {
    base::log::error("erasures that were left open cannot be read: {}", open.error().message());
    co_return;
  }
  for (const auto which : *open) {
    base::log::info("erasure {} was left open and is resumed", which);
    add({which, 0});
  }
}

void erasures::stop() {
  stopping_ = true;
  free_.notify();
  for (const auto& each : runs_) {
    each->pause.cancel();
    each->changed.notify();
  }
}

std::shared_ptr<erasures::run> erasures::add(queue::erasure_start begun) {
  std::erase_if(runs_, [](const auto& each) { return each->outcome.has_value(); });
  auto made = std::make_shared<run>(around_.where);
  made->number = begun.which;
  made->report.erased.vendor_state = begun.vendor_state;
  runs_.push_back(made);
  group_.spawn(carry_out(made));
  return made;
}

base::task<> erasures::carry_out(std::shared_ptr<run> mine) {
  while (!stopping_) {
    const auto emptied = co_await in_its_turn(mine);
    if (stopping_) co_return;
    if (emptied) {
      // Not waited for by join(): the queue breaks it off when it closes, which is after this has gone.
      boost::asio::co_spawn(around_.where, clean(&around_.log, around_.box, mine), boost::asio::detached);
      co_return;
    }
    const auto& failure = emptied.error();
    if (!may_pass(failure)) {
      base::log::error("erasure {}: {}", mine->number, failure.message());
      mine->settle(failure);
      co_return;
    }
    base::log::warning("erasure {} is tried again: {}", mine->number, failure.message());
    co_await pause(mine, 1s);
  }
}

/// Whoever has to try again lets the others go first.
base::task<base::result<void>> erasures::in_its_turn(std::shared_ptr<run> mine) {
  while (emptying_ && !stopping_)
    co_await free_.any();
  if (stopping_) co_return fail(errc::stopping);
  emptying_ = mine;
  const auto emptied = co_await empty_events(mine);
  mine->page.clear();
  emptying_.reset();
  free_.notify();
  co_return emptied;
}

base::task<base::result<void>> erasures::empty_events(std::shared_ptr<run> mine) {
  std::vector<queue::sequence> untouched;
  while (!stopping_) {
    auto found = co_await erasable(around_.log, around_.box, mine->number);
    if (!found) co_return found.error();
    mine->page = std::move(*found);
    if (mine->page.empty()) co_return base::result<void>();
    const auto free = co_await withdrawn(mine);
    if (!free) break;
    const auto numbers = numbers_of(mine->page);
    const auto counts = co_await queue::erase(around_.log, around_.box, mine->number, numbers,
                                              memory_of(mine->page), around_.time.now());
    around_.reader.forget(numbers);
    all_([](destination_loop& loop) { loop.forget_memory(); });
    if (!counts) co_return counts.error();
    mine->report.erased += *counts;
    // An operator or their age may have ended them first, but not twice the same ones.
    if (counts->events == 0 && numbers == untouched)
      co_return queue::fail(queue::errc::corrupt, "events that cannot be erased");
    untouched = counts->events == 0 ? numbers : std::vector<queue::sequence>();
  }
  co_return fail(errc::stopping);
}

/// No destination has anything to do with them any more. False: stopping.
base::task<bool> erasures::withdrawn(std::shared_ptr<run> mine) {
  all_([&](destination_loop& loop) { mine->report.erased.pending += loop.withdraw(mine->page); });
  while (!stopping_ && !all_are_rid_of(mine->page))
    co_await pause(mine, 20ms);
  co_return !stopping_;
}

void erasures::withdraw_late(destination_loop& from) {
  if (emptying_) emptying_->report.erased.pending += from.withdraw_late(emptying_->page);
}

bool erasures::all_are_rid_of(const std::vector<queue::record>& events) const {
  bool all = true;
  all_([&](destination_loop& loop) { all = loop.is_rid_of(events) && all; });
  return all;
}

std::vector<queue::memory_entry> erasures::memory_of(const std::vector<queue::record>& events) const {
  std::vector<queue::memory_entry> out;
  for (const auto& each : events)
    if (const auto what = event::decode(each.stored))
      all_(
          [&](destination_loop& loop) { std::ranges::move(loop.memory_of(*what), std::back_inserter(out)); });
  const auto place = [](const queue::memory_entry& entry) { return std::tie(entry.destination, entry.key); };
  std::ranges::sort(out, {}, place);
  // clang 14 cannot compile the one in ranges.
  out.erase(std::unique(out.begin(), out.end(),
                        [&](const auto& one, const auto& other) { return place(one) == place(other); }),
            out.end());
  return out;
}

std::vector<queue::memory_entry> erasures::memory_of(const queue::customer_key& who) const {
  std::vector<queue::memory_entry> out;
  const auto written = spellings(who);
  for (const auto& each : written) {
    const auto customer = named(who.by, each);
    all_([&](destination_loop& loop) {
      std::ranges::move(loop.memory_of(customer), std::back_inserter(out));
    });
  }
  return out;
}

base::task<> erasures::clean(queue::engine* log, base::mailbox box, std::shared_ptr<run> mine) {
  auto done = co_await finish_erasure(*log, std::move(box), mine->number);
  if (!done) {
    base::log::error("erasure {}: {}", mine->number, done.error().message());
    mine->settle(done.error());
    co_return;
  }
  auto& report = mine->report;
  report.files = std::move(*done);
  base::log::info("erasure {}: {} and {} emptied, {} withdrawn from a destination; the files are {}",
                  mine->number, base::counted(report.erased.events, "event"),
                  base::counted(report.erased.dead_letters, "dead letter"),
                  base::counted(report.erased.pending, "pending event"),
                  report.files.clean ? "clean" : "not clean: " + report.files.reason);
  mine->settle(report);
}

base::task<> erasures::pause(std::shared_ptr<run> mine, std::chrono::milliseconds span) {
  if (stopping_) co_return;
  mine->pause.expires_after(span);
  co_await mine->pause.async_wait(base::as_result);
}

}  // namespace cartrelay::dispatch
