#include "base/text.hpp"
#include "dispatch/backoff.hpp"
#include "dispatch/bisect.hpp"
#include "dispatch/erased.hpp"
#include "dispatch/lane.hpp"
#include "http/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace cartrelay::dispatch {
namespace {

using destinations::verdict;

/// Keeps in memory the beginning of an answer while its event waits; the queue has more of it.
void shorten(std::string& answer) {
  answer.resize(base::utf8_prefix(answer, 256).size());
}

bool is_transient(verdict what) {
  return what == verdict::retry || what == verdict::in_doubt;
}

bool is_failure(const destinations::judgement& judged) {
  return judged.what != verdict::delivered;
}

/// The vendor fails, and is not just overloaded: perhaps over one of the events. Where it does so again, what
/// was together goes in smaller batches, so that the others get through.
bool is_stumble(const attempt_result& came) {
  return came.status >= 500 && came.status != 503;
}

past& history_of(pending_event& what) {
  if (!what.before) what.before = std::make_unique<past>();
  return *what.before;
}

queue::state_change stored(destinations::memory_change what, instant now) {
  return {std::move(what.key), std::move(what.value), now.wall + what.keep};
}

std::vector<queue::state_change> stored(std::vector<destinations::memory_change> changes, instant now) {
  std::vector<queue::state_change> out;
  out.reserve(changes.size());
  for (auto& one : changes)
    out.push_back(stored(std::move(one), now));
  return out;
}

}  // namespace

bool lane::may_take(instant now) const {
  return !closed_ && outbox_.repeatable_ends() < limits_.repeatable_ends && now.steady >= retry_step_at_ &&
         !awaits_older();
}

/// Events that were replayed are about to come back, and may share a key with younger ones that are here.
/// Where there is no room for them, those go first.
bool lane::awaits_older() const {
  const auto& here = window_.all();
  return !returning_.empty() && !here.empty() && returning_.begin()->first < here.rbegin()->first &&
         !wants_back(1).empty();
}

std::optional<batch> lane::take(instant now) {
  tick(now);
  if (!may_take(now)) return std::nullopt;
  if (planned_.empty() && !window_.any_ready(now.steady)) return std::nullopt;
  const auto gate = gates_.look(now, under_way_);
  if (!gate.open) return std::nullopt;
  std::vector<pending_event*> events;
  if (!planned_.empty()) {
    events = take_planned(gate.probe);
  } else if (gate.probe) {
    events.push_back(window_.form_probe(random_.fraction(), now.steady));
  } else {
    events = window_.form(now.steady);
    if (events.empty()) return std::nullopt;
  }
  gates_.begin(gate.probe);
  return make_batch(events, gate.probe);
}

/// Of a probe one event, and the others stay planned.
std::vector<pending_event*> lane::take_planned(bool probe) {
  auto& part = planned_.front();
  const auto end = part.begin() + (probe ? 1 : std::ssize(part));
  std::vector<pending_event*> events;
  std::transform(part.begin(), end, std::back_inserter(events),
                 [this](queue::sequence number) { return window_.find(number); });
  part.erase(part.begin(), end);
  if (part.empty()) planned_.pop_front();
  return events;
}

batch lane::make_batch(const std::vector<pending_event*>& events, bool probe) {
  batch out;
  out.id = next_batch_++;
  out.probe = probe;
  for (auto* event : events) {
    window_.take(*event);
    out.numbers.push_back(event->number);
    out.memos.push_back(event->before ? event->before->memo : std::string());
  }
  ++under_way_;
  events_under_way_ += events.size();
  return out;
}

std::optional<outbox::ticket> lane::prepare(const batch& what,
                                            std::vector<destinations::memory_change> changes, instant now,
                                            const std::string& request) {
  std::optional<outbox::ticket> due;
  if (!changes.empty()) due = outbox_.remember(stored(std::move(changes), now));
  if (given_.on_in_doubt == destinations::on_in_doubt::dead_letter)
    for (const auto number : what.numbers)
      due = mark(*window_.find(number), request, now);
  if (due) outbox_.await();
  return due;
}

std::vector<consequence> lane::finish(const batch& what, const attempt_result& came, instant now) {
  --under_way_;
  events_under_way_ -= what.numbers.size();
  const bool failed = std::any_of(came.judgements.begin(), came.judgements.end(), is_failure);
  if (!came.request.empty()) outbox_.count_attempt(failed);
  if (failed && !came.abandoned) note_failure(came, now);
  if (gates_.end(weigh(what, came), now, random_)) store_control(now);
  if (!came.changes.empty()) outbox_.remember(stored(came.changes, now));

  const aftermath all{came, what.numbers.size() == 1, random_.fraction(), now};
  std::vector<consequence> fates;
  std::vector<queue::sequence> refused;
  for (std::size_t i = 0; i < what.numbers.size(); ++i) {
    auto& event = *window_.find(what.numbers[i]);
    fates.push_back(settle(event, came.judgements.at(i), tried(event, came, what), all));
    if (fates.back() == consequence::smaller_batch) refused.push_back(what.numbers[i]);
  }
  for (const auto number : refused)
    window_.plan(*window_.find(number));
  for (auto& half : halves(std::move(refused)))
    planned_.push_back(std::move(half));
  return fates;
}

signal lane::weigh(const batch& what, const attempt_result& came) const {
  signal out;
  out.probe = what.probe;
  out.sent = !came.request.empty();
  if (what.numbers.size() == 1) {  // no two of one key are in a batch
    const auto& only = window_.all().at(what.numbers.front());
    const auto keys = only.plan.keys();
    out.key = keys.empty() ? only.number : keys.front();
    out.known = is_stumble(came) && only.before && only.before->stumbled;
  }
  out.what = came.abandoned || !out.sent ? signal::kind::abandoned : signal::kind::alive;
  if (came.abandoned) return out;
  for (const auto& judged : came.judgements) {
    if (judged.retry_after && is_transient(judged.what))
      out.retry_after = std::max(out.retry_after.value_or(std::chrono::seconds(0)), *judged.retry_after);
    if (judged.what == verdict::unauthorized)
      out.what = signal::kind::unauthorized;
    else if (is_transient(judged.what) && out.what != signal::kind::unauthorized)
      out.what = came.status == 429 ? signal::kind::throttled : signal::kind::failed;
    else
      continue;
    out.reason = judged.reason;
  }
  return out;
}

consequence lane::settle(pending_event& what, const destinations::judgement& judged, queue::attempts tries,
                         const aftermath& all) {
  queue::end how;
  how.number = what.number;
  how.reason = judged.reason;
  how.detail = judged.detail;
  how.results = judged.results;
  const auto fate = consequence_of(judged, given_, all.came.abandoned, all.alone || what.withdrawn);
  switch (fate) {
    case consequence::delivered:
      how.state = queue::end_state::delivered;
      last_success_at_ = all.now.wall;
      break;
    case consequence::dead_letter:
      how.state = queue::end_state::dead_letter;
      if (judged.what == verdict::in_doubt) how.reason = "in_doubt";
      how.evidence = all.came.evidence;
      how.memo = judged.memo;
      break;
    case consequence::smaller_batch:
      history_of(what).tries = std::move(tries);
      // A mark would say that nothing is known of this attempt, and it was answered.
      if (what.has_row) write_row(what);
      return fate;
    case consequence::again:
      postpone(what, judged, std::move(tries), all);
      [[fallthrough]];
    case consequence::untried:
    case consequence::superseded:
    case consequence::erased:
      return give_back(what, all.now).value_or(fate);
  }
  how.tries = std::move(tries);
  end_pending(what, std::move(how), all.now);
  return fate;
}

void lane::postpone(pending_event& what, const destinations::judgement& judged, queue::attempts tries,
                    const aftermath& all) {
  const auto now = all.now;
  auto& past = history_of(what);
  past.tries = std::move(tries);
  past.reason = judged.reason;
  if (!judged.memo.empty()) past.memo = judged.memo;
  if (!judged.results.empty()) past.results = judged.results;
  if (is_stumble(all.came)) {
    past.stumbled = all.alone;
    if (all.alone || past.tries.count > 1)
      past.company = std::max<std::size_t>(1, all.came.judgements.size() / 2);
  }
  // While the destination as a whole waits, its own intervals decide and the event's backoff does not grow.
  const bool whole = judged.what == verdict::unauthorized || gates_.interrupts(false, now) || gates_.down();
  what.not_before = {};
  past.next_attempt.reset();
  if (!whole) {
    // Each by itself if it failed before: it may have been another's fault both times.
    const auto fraction = past.failures == 0 ? all.fraction : random_.fraction();
    what.not_before = now.steady + full_jitter(given_.retry, ++past.failures, fraction);
    past.next_attempt = wall_of(what.not_before, now);
  }
  what.has_row = true;
}

std::optional<consequence> lane::give_back(pending_event& what, instant now) {
  if (what.withdrawn) {
    end_pending(what, erased(what.number), now);
    return consequence::erased;
  }
  if (const auto by = newer_snapshot(what)) {
    supersede(what, by, now);
    return consequence::superseded;
  }
  if (what.has_row) write_row(what);
  if (what.before) shorten(what.before->tries.answer);
  window_.put_back(what, now.steady);
  return std::nullopt;
}

queue::exception lane::row_of(const pending_event& what) {
  queue::exception row;
  row.number = what.number;
  row.age_from = what.age_from;
  row.replaceable = what.plan.replaceable && !what.bounded;
  if (what.before) {
    row.tries = what.before->tries;
    row.next_attempt = what.before->next_attempt;
    row.reason = what.before->reason;
    row.memo = what.before->memo;
    row.results = what.before->results;
  }
  return row;
}

outbox::ticket lane::write_row(pending_event& what) {
  what.has_row = true;
  return outbox_.wait(row_of(what));
}

/// Counts the attempt that is to begin: if it is never heard of again, this is what is known of it. What an
/// earlier one was answered says nothing about it.
outbox::ticket lane::mark(pending_event& what, const std::string& request, instant now) {
  auto row = row_of(what);
  row.marked = true;
  auto& tries = row.tries;
  ++tries.count;
  if (!tries.first) tries.first = now.wall;
  tries.last = now.wall;
  tries.request = request;
  tries.status = 0;
  tries.answer.clear();
  tries.batch.clear();
  what.has_row = true;
  return outbox_.wait(std::move(row));
}

queue::attempts lane::tried(const pending_event& what, const attempt_result& came, const batch& in) const {
  auto out = what.before ? what.before->tries : queue::attempts();
  if (came.request.empty()) return out;
  ++out.count;
  if (!out.first) out.first = came.began;
  out.last = came.began;
  out.request = came.request;
  out.status = came.status;
  out.answer = came.answer;
  out.batch = in.numbers.size() > 1 ? fmt::format("{}-{}", epoch_, in.id) : std::string();
  return out;
}

void lane::note_failure(const attempt_result& came, instant now) {
  const auto first = std::find_if(came.judgements.begin(), came.judgements.end(), is_failure);
  // What a vendor answers may quote the event, and the status holds no personal data: the receipt has it all.
  const auto phrase = http::reason_phrase(came.status);
  auto detail = came.status == 0 ? first->detail
                                 : fmt::format("{}{}{}", came.status, phrase.empty() ? "" : " ", phrase);
  last_error_ = destination_status::failure{now.wall, first->reason, std::move(detail), came.status};
}

}  // namespace cartrelay::dispatch
