#include "base/log.hpp"
#include "dispatch/destination_loop.hpp"

#include <algorithm>
#include <exception>
#include <utility>

/// How a loop carries out an attempt.
namespace cartrelay::dispatch {
namespace {

bool shows_overload(const http::outcome& came) {
  return !came || came->status == 429 || came->status == 503;
}

}  // namespace

base::task<> destination_loop::deliver(batch what) {
  auto events = co_await around_.reader.events(what.numbers);
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
  attempt made(what, *events, std::move(*known), *with_->kind, with_->hide, now());
  if (const auto due = lane_.prepare(what, made.changes_before(), now())) {
    wake_.notify();
    co_await durable(*due);
  }
  co_await send_all(made, what.probe);
  lane_.finish(what, made.result(), now());
  wake_.notify();
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
  std::vector<std::string> asked;
  try {
    for (const auto& what : events)
      for (auto& key : with_->kind->memory_keys(*what)) {
        // What an earlier delivery left is true before it is durable.
        if (auto pending = lane_.records().remembered(key)) {
          if (*pending) out[key] = **pending;
        } else {
          asked.push_back(std::move(key));
        }
      }
  } catch (const std::exception& thrown) {
    // begin() is asked about the same event, and answers for it.
    base::log::warning("destination {}: {}", with_->given.name, thrown.what());
  }
  if (asked.empty()) co_return out;
  std::sort(asked.begin(), asked.end());
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  auto found = co_await recall(around_.log, around_.box, held_.destination, asked, now().wall);
  if (!found) co_return found.error();
  for (std::size_t i = 0; i < asked.size(); ++i)
    if ((*found)[i]) out[asked[i]] = *(*found)[i];
  co_return out;
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

base::task<> destination_loop::send_all(attempt& made, bool probe) {
  for (bool first = true;; first = false) {
    auto request = made.next(now());
    if (!request) co_return;
    const auto leave = co_await may_leave(first, probe);
    if (!leave) {
      made.abandon("not sent: the destination is to be left alone");
      co_return;
    }
    const bool repeatable = made.safe_to_repeat();
    const auto sent = now().steady;
    auto asked = std::move(*request);
    auto came = co_await with_->wire->send(std::move(asked), repeatable);
    const auto took = now().steady - sent;
    made.take(came);
    if (cancelled_ && !came) {
      made.broken_off();
    } else {
      latency_.add(took);
      lane_.gates().measure(shows_overload(came), took, now());
    }
  }
}

}  // namespace cartrelay::dispatch
