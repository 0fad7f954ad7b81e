#include "dispatch/destination_loop.hpp"
#include "dispatch/fault_in.hpp"
#include "dispatch/waiting_row.hpp"
#include "queue/errc.hpp"
#include "queue/match.hpp"

#include <algorithm>
#include <utility>

/// How a loop reads the log, and brings back what is unfinished.
namespace cartrelay::dispatch {
namespace {

/// The reason of a dead letter that its plan makes; empty: it makes none.
std::string_view unsent(const event_plan& plan) {
  return plan.is_dead_letter() ? "unmappable" : "";
}

}  // namespace

base::task<> destination_loop::read() {
  more_ = false;
  const auto after = lane_.position();
  auto got = co_await around_.reader.read_after(after);
  if (got) {
    const auto at = now();
    for (const auto& found : got->what->records)
      if (found.number > after) offer(found, at);
    lane_.pass(std::max(lane_.position(), got->what->position));
    if (!got->at_end) more_ = true;
  } else {
    const auto why = got.error();
    co_await rest(why);
    more_ = true;
  }
  reading_ = false;
  wake_.notify();
}

void destination_loop::offer(const queue::record& found, instant at) {
  if (!queue::goes_to(found, held_.destination)) return;
  const auto what = around_.reader.event_of(found);
  event_plan plan;
  const auto why = make_plan(what, plan);
  const bool is_news = why ? lane_.offer_broken(found.number, why->reason, why->detail, at)
                           : lane_.offer(found.number, found.received_at, plan, at);
  if (is_news) tell_dead_letter(found.number, what, why ? why->reason : unsent(plan), at);
}

std::optional<destination_loop::flaw> destination_loop::make_plan(const event::event_ptr& what,
                                                                  event_plan& into) const {
  if (!what) return flaw{"corrupt", "the stored event cannot be decoded"};
  auto fault = fault_in([&] { into = dispatch::make_plan(*with_->kind, *what); });
  if (!fault) return std::nullopt;
  return flaw{"internal", std::move(*fault)};
}

base::task<> destination_loop::bring_back(std::vector<lane::returning> wanted) {
  const auto done = co_await bring_back_all(std::move(wanted));
  if (!done) {
    const auto why = done.error();
    co_await rest(why);
  }
  reading_ = false;
  wake_.notify();
}

base::task<base::result<void>> destination_loop::bring_back_all(std::vector<lane::returning> wanted) {
  std::vector<queue::sequence> known, stored;
  for (const auto& one : wanted)
    (one.needs_row ? stored : known).push_back(one.number);
  auto done = co_await bring_back_known(std::move(known));
  // After a failed sync nobody knows which rows there are, until the queue was opened anew.
  if (const auto refusal = around_.log.refusal(); !stored.empty() && refusal == queue::errc::read_only)
    co_return queue::fail(*refusal, "it is to be opened anew");
  for (const auto number : stored) {
    if (!done) break;
    auto found = co_await bring_back_stored(number);
    done = std::move(found);
  }
  co_return done;
}

/// One by one, of what one trip to the log brings: together they may be larger than memory bears.
base::task<base::result<void>> destination_loop::bring_back_known(std::vector<queue::sequence> numbers) {
  for (auto next = numbers.begin(); next != numbers.end(); ++next) {
    auto what = around_.reader.at_hand(*next);
    if (!what) {
      std::vector<queue::sequence> one{*next}, soon(next + 1, numbers.end());
      auto found = co_await around_.reader.events(std::move(one), std::move(soon));
      if (!found) co_return found.error();
      what = std::move(found->front());
    }
    bring_back(*next, what, std::nullopt, now());
  }
  co_return base::result<void>();
}

base::task<base::result<void>> destination_loop::bring_back_stored(queue::sequence number) {
  auto found = co_await find_receipt(around_.log, around_.box, number);
  if (!found && found.error().code != queue::errc::not_found) co_return found.error();
  auto row = found ? take_waiting(*found, held_.destination) : std::nullopt;
  if (row)
    bring_back(number, around_.reader.event_of(found->event), std::move(row), now());
  else
    lane_.forget(number);
  co_return base::result<void>();
}

void destination_loop::bring_back(queue::sequence number, const event::event_ptr& what,
                                  std::optional<queue::exception> row, instant at) {
  event_plan plan;
  const auto why = make_plan(what, plan);
  const bool is_news = why ? lane_.bring_back_broken(number, why->reason, why->detail, std::move(row), at)
                           : lane_.bring_back(number, what->received_at, plan, std::move(row), at);
  if (is_news) tell_dead_letter(number, what, why ? why->reason : unsent(plan), at);
}

}  // namespace cartrelay::dispatch
