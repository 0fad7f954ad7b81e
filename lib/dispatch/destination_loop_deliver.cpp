#include "base/log.hpp"
#include "destinations/routing.hpp"
#include "dispatch/destination_loop.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

/// How a loop carries out an attempt.
namespace cartrelay::dispatch {
namespace {

/// Those that will probably be sent next are fetched and asked for together with what is sent now.
constexpr std::size_t ahead = 64;

bool shows_overload(const http::outcome& came) {
  return !came || came->status == 429 || came->status == 503;
}

/// Where a repeat may do harm, no connection decides that a request is sent again.
bool may_go_twice(const http::request& what, const destinations::options& given) {
  return given.on_in_doubt == destinations::on_in_doubt::retry || what.method == "GET";
}

}  // namespace

base::task<> destination_loop::deliver(batch what) {
  auto events = co_await events_of(what.numbers);
  const bool whole = events && std::find(events->begin(), events->end(), nullptr) == events->end();
  if (!events) co_await rest();
  if (!whole) {
    give_up(what, events ? *events : std::vector<event::event_ptr>());
    co_return;
  }
  auto known = co_await memory_of(*events);
  if (!known) {
    co_await rest();
    give_up(what, {});
    co_return;
  }
  attempt made(what, *events, std::move(*known), *with_->kind, with_->hide, with_->account, now());
  auto before = made.changes_before();
  note_changes(before);
  auto first = made.next(now());
  const bool is_marked = with_->given.on_in_doubt == destinations::on_in_doubt::dead_letter;
  const auto intent = is_marked && first ? summary(*first) : std::string();
  if (const auto due = lane_.prepare(what, std::move(before), now(), intent)) {
    wake_.notify();
    co_await durable(*due);
  }
  co_await send_all(made, std::move(first), what.probe);
  auto came = made.result();
  note_changes(came.changes);
  tell(narrator_.after(with_->given, what, *events, came, now().steady, tells_all()));
  lane_.finish(what, std::move(came), now());
  wake_.notify();
}

base::task<base::result<std::vector<event::event_ptr>>> destination_loop::events_of(
    std::vector<queue::sequence> numbers) {
  std::vector<event::event_ptr> out;
  for (const auto number : numbers)
    if (auto what = around_.reader.at_hand(number)) out.push_back(std::move(what));
  if (out.size() == numbers.size()) co_return out;
  auto soon = lane_.soon(ahead);
  co_return co_await around_.reader.events(std::move(numbers), std::move(soon));
}

/// Nothing was sent. An event whose record is gone or broken is at its end; the others go another time.
void destination_loop::give_up(const batch& what, const std::vector<event::event_ptr>& events) {
  attempt_result out;
  out.abandoned = true;
  out.began = now().wall;
  for (std::size_t i = 0; i < what.numbers.size(); ++i) {
    destinations::judgement judged;
    judged.what = destinations::verdict::retry;
    if (i < events.size() && !events[i]) {
      judged.what = destinations::verdict::reject;
      judged.reason = "corrupt";
      judged.detail = "the stored event cannot be read any more";
    }
    out.judgements.push_back(std::move(judged));
  }
  lane_.finish(what, std::move(out), now());
  wake_.notify();
}

base::task<base::result<destinations::memory>> destination_loop::memory_of(
    std::vector<event::event_ptr> events) {
  destinations::memory out;
  std::vector<std::string> unknown, asked;
  for (const auto& what : events)
    std::ranges::move(recall_at_hand(*what, out), std::back_inserter(unknown));
  std::sort(unknown.begin(), unknown.end());
  unknown.erase(std::unique(unknown.begin(), unknown.end()), unknown.end());
  for (auto& key : unknown) {
    while (asking_.contains(key))
      co_await answered_.any();
    if (!recall_at_hand(key, out)) asked.push_back(std::move(key));
  }
  if (asked.empty()) co_return out;
  const auto mine = asked.size();
  asking_.insert(asked.begin(), asked.end());
  ask_ahead(asked);
  const auto when = recalled_.age();
  auto found = co_await recall(around_.log, around_.box, held_.destination, asked, now().wall);
  for (const auto& key : asked)
    asking_.erase(key);
  answered_.notify();
  if (!found) co_return found.error();
  const auto at = now().steady;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (i < mine && (*found)[i]) out[asked[i]] = *(*found)[i];
    recalled_.learn(std::move(asked[i]), std::move((*found)[i]), when, at);
  }
  co_return out;
}

std::vector<std::string> destination_loop::memory_keys(const event::event& what) const {
  try {
    return with_->kind->memory_keys(what);
  } catch (const std::exception& thrown) {
    // begin() is asked about the same event, and answers for it.
    base::log::warning("destination {}: {}", with_->given.name, thrown.what());
    return {};
  }
}

void destination_loop::remember(const event::event& what, std::vector<half_known>& into) {
  if (stopping_ || !with_->given.enabled || !destinations::wants(with_->given, what)) return;
  auto& mine = into.emplace_back(half_known{held_.destination, with_->given.name, {}, {}});
  mine.unknown = recall_at_hand(what, mine.at_hand);
}

std::vector<std::string> destination_loop::recall_at_hand(const event::event& what,
                                                          destinations::memory& into) {
  auto unknown = memory_keys(what);
  std::erase_if(unknown, [&](const std::string& key) { return recall_at_hand(key, into); });
  return unknown;
}

bool destination_loop::recall_at_hand(const std::string& key, destinations::memory& into) {
  if (const auto* known = recalled_.find(key, now().steady)) {
    if (*known) into[key] = **known;
    return true;
  }
  // What an earlier delivery left is true before it is durable.
  const auto pending = lane_.records().remembered(key);
  if (pending && *pending) into[key] = **pending;
  return pending.has_value();
}

void destination_loop::ask_ahead(std::vector<std::string>& asked) {
  destinations::memory known;
  for (const auto number : lane_.soon(ahead))
    if (const auto what = around_.reader.at_hand(number))
      for (auto& key : memory_keys(*what))
        if (!recall_at_hand(key, known) && asking_.insert(key).second) asked.push_back(std::move(key));
}

void destination_loop::note_changes(const std::vector<destinations::memory_change>& changes) {
  const auto at = now().steady;
  for (const auto& one : changes)
    recalled_.change(one.key, one.value, at);
}

/// When the rate allows it. False: the request is not to go out at all.
base::task<bool> destination_loop::may_leave(bool first, bool probe) {
  while (!cancelled_ && !halted_ && !lane_.gates().interrupts(probe, now())) {
    const auto turn = lane_.gates().admit(first, now());
    if (!turn) co_return true;
    co_await sleep_until(*turn);
  }
  co_return false;
}

base::task<> destination_loop::send_all(attempt& made, std::optional<http::request> first, bool probe) {
  bool is_first = true;
  for (auto request = std::move(first); request; request = made.next(now())) {
    const auto leave = co_await may_leave(std::exchange(is_first, false), probe);
    if (!leave) {
      made.abandon("not sent: the destination is to be left alone");
      co_return;
    }
    const bool repeatable = made.safe_to_repeat() && may_go_twice(*request, with_->given);
    const auto sent = now().steady;
    auto asked = std::move(*request);
    auto came = co_await with_->wire->send(std::move(asked), repeatable);
    const auto took = now().steady - sent;
    made.take(came, now());
    if (cancelled_ && !came) {
      made.broken_off();
    } else {
      latency_.add(took);
      lane_.gates().measure(shows_overload(came), took, now());
    }
  }
}

}  // namespace cartrelay::dispatch
