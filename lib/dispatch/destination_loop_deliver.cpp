#include "base/log.hpp"
#include "destinations/routing.hpp"
#include "dispatch/destination_loop.hpp"
#include "dispatch/fault_in.hpp"

#include <algorithm>
#include <functional>
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
  auto events = events_at_hand(what.numbers);
  if (events.size() < what.numbers.size()) {
    auto fetched = co_await fetch(what.numbers);
    if (!fetched) {
      const auto why = fetched.error();
      co_await rest(why);
    }
    events = fetched ? std::move(*fetched) : std::vector<event::event_ptr>();
  }
  const bool whole = !events.empty() && std::find(events.begin(), events.end(), nullptr) == events.end();
  if (!whole) {
    give_up(what, events);
    co_return;
  }
  destinations::memory known;
  auto keys = memory_keys(events);
  if (const auto unknown = memory_.recall(keys, known); !unknown.empty()) {
    std::function<std::vector<std::string>()> soon = [this] { return memory_keys_of_soon(); };
    const auto answered = co_await memory_.fetch(std::move(keys), std::move(soon), known);
    if (!answered) {
      const auto why = answered.error();
      co_await rest(why);
      give_up(what, {});
      co_return;
    }
  }
  const auto at = now();
  attempt made(what, events, std::move(known), *with_->kind, with_->hide, with_->account, at);
  auto before = made.changes_before();
  memory_.note(before, at.steady);
  const auto* first = made.next(at);
  if (made.is_waiting()) {
    const auto come = co_await next_request(made, what.probe);
    first = come;
  }
  const bool is_marked = with_->given.on_in_doubt == destinations::on_in_doubt::dead_letter;
  const auto intent = is_marked && first != nullptr ? summary(*first) : std::string();
  if (const auto due = lane_.prepare(what, std::move(before), at, intent)) {
    wake_.notify();
    co_await durable(*due);
  }
  co_await send_all(made, first, what.probe);
  const auto came = made.result();
  const auto end = now();
  memory_.note(came.changes, end.steady);
  const auto fates = lane_.finish(what, came, end);
  tell(narrator_.after(with_->given, what, events, came, fates, end.steady, tells_all()));
  answered_.notify();
  wake_.notify();
}

/// As long as the numbers, or not all are at hand.
std::vector<event::event_ptr> destination_loop::events_at_hand(const std::vector<queue::sequence>& numbers) {
  std::vector<event::event_ptr> out;
  out.reserve(numbers.size());
  for (const auto number : numbers) {
    auto what = around_.reader.at_hand(number);
    if (!what) break;
    out.push_back(std::move(what));
  }
  return out;
}

base::task<base::result<std::vector<event::event_ptr>>> destination_loop::fetch(
    std::vector<queue::sequence> numbers) {
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
  const auto end = now();
  const auto fates = lane_.finish(what, out, end);
  tell(narrator_.after(with_->given, what, events, out, fates, end.steady, tells_all()));
  wake_.notify();
}

std::vector<std::string> destination_loop::memory_keys(const event::event& what) const {
  std::vector<std::string> keys;
  // begin() is asked about the same event, and answers for it.
  if (const auto fault = fault_in([&] { keys = with_->kind->memory_keys(what); }))
    base::log::warning("destination {}: {}", with_->given.name, *fault);
  return keys;
}

std::vector<std::string> destination_loop::memory_keys(const std::vector<event::event_ptr>& events) const {
  std::vector<std::string> all;
  for (const auto& what : events)
    std::ranges::move(memory_keys(*what), std::back_inserter(all));
  return all;
}

std::vector<std::string> destination_loop::memory_keys_of_soon() const {
  std::vector<std::string> all;
  for (const auto number : lane_.soon(ahead))
    if (const auto what = around_.reader.at_hand(number))
      std::ranges::move(memory_keys(*what), std::back_inserter(all));
  return all;
}

void destination_loop::remember(const event::event& what, std::vector<half_known>& into) {
  if (stopping_ || !with_->given.enabled || !destinations::wants(with_->given, what)) return;
  auto& mine = into.emplace_back(half_known{held_.destination, with_->given.name, {}, {}});
  mine.unknown = memory_.recall(memory_keys(what), mine.at_hand);
}

bool destination_loop::is_to_be_left_alone(bool probe, instant at) const {
  return cancelled_ || halted_ || next_ != nullptr || lane_.gates().interrupts(probe, at);
}

/// What to ask once that is known which another attempt is fetching.
base::task<const http::request*> destination_loop::next_request(attempt& made, bool probe) {
  const http::request* next = nullptr;
  while (made.is_waiting()) {
    co_await answered_.any();
    const auto at = now();
    if (is_to_be_left_alone(probe, at) || stopping_) {
      made.abandon("not sent: the destination is to be left alone");
      break;
    }
    next = made.next(at);
  }
  co_return next;
}

base::task<> destination_loop::send_all(attempt& made, const http::request* next, bool probe) {
  for (bool is_first = true; next != nullptr; is_first = false) {
    auto sent = now();
    bool may_go = false;
    while (!is_to_be_left_alone(probe, sent)) {
      const auto turn = lane_.gates().admit(is_first, sent);
      may_go = !turn;
      if (may_go || stopping_)
        break;  // a turn that is yet to come is not waited for once everything is to end
      co_await sleep_until(*turn);
      sent = now();
    }
    if (!may_go) {
      made.abandon("not sent: the destination is to be left alone");
      co_return;
    }
    const auto& asked = *next;
    const bool repeatable = made.safe_to_repeat() && may_go_twice(asked, with_->given);
    const auto came = co_await with_->wire->send(asked, repeatable);
    const auto at = now();
    made.take(came, at);
    answered_.notify();
    if (cancelled_ && !came) {
      made.broken_off();
    } else {
      latency_.add(at.steady - sent.steady);
      lane_.gates().measure(shows_overload(came), at.steady - sent.steady, at);
    }
    next = made.next(at);
    if (!made.is_waiting()) continue;
    const auto come = co_await next_request(made, probe);
    next = come;
  }
}

}  // namespace cartrelay::dispatch
