#include "dispatch/window.hpp"

#include <algorithm>

namespace cartrelay::dispatch {
namespace {

/// So often is nobody's bad luck.
constexpr std::uint32_t many_failures = 3;

std::uint32_t tries(const pending_event& what) {
  return what.before ? what.before->tries.count : 0;
}

}  // namespace

window::place window::place_of(const pending_event& what) {
  return {what.plan.rank, what.before && what.before->failures >= many_failures, what.number};
}

pending_event* window::find(queue::sequence number) {
  const auto found = all_.find(number);
  return found == all_.end() ? nullptr : &found->second;
}

pending_event& window::add(pending_event what, base::steady_time now) {
  auto& held = all_.emplace_hint(all_.end(), what.number, std::move(what))->second;
  // A replayed event steps in front of newer ones that wait, even if their turn had come.
  for (const auto* behind : chains_.add(held))
    step_back(*behind);
  enlist(held);
  if (chains_.leads(held)) queue_up(held, now);
  return held;
}

void window::remove(queue::sequence number, base::steady_time now) {
  const auto found = all_.find(number);
  auto& what = found->second;
  step_back(what);
  strike(what);
  for (auto* next : chains_.remove(what))
    if (chains_.leads(*next)) queue_up(*next, now);
  all_.erase(found);
}

std::map<queue::sequence, pending_event> window::drain(batch_rules rules) {
  auto out = std::move(all_);
  *this = window(rules);
  return out;
}

std::vector<pending_event*> window::form(base::steady_time now) {
  wake(now);
  std::vector<pending_event*> batch;
  if (ready_.empty()) return batch;
  if (!rules_.full(ready_.size(), ready_bytes_) && now < lingering_.begin()->first) return batch;
  std::size_t bytes = 0, most = rules_.max_events;
  for (const auto& [rank, failing, number] : ready_) {
    auto& next = all_.at(number);
    if (next.before && next.before->company > 0) most = std::min(most, next.before->company);
    if (batch.size() >= most || !rules_.fits(batch.size(), bytes, next.plan.size)) break;
    bytes += next.plan.size;
    batch.push_back(&next);
  }
  return batch;
}

pending_event* window::form_probe(double fraction, base::steady_time now) {
  wake(now);
  std::vector<pending_event*> least_tried;
  for (const auto& [rank, failing, number] : ready_) {
    auto& candidate = all_.at(number);
    if (!least_tried.empty() && tries(candidate) > tries(*least_tried.front())) continue;
    if (!least_tried.empty() && tries(candidate) < tries(*least_tried.front())) least_tried.clear();
    least_tried.push_back(&candidate);
  }
  if (least_tried.empty()) return nullptr;
  return least_tried[static_cast<std::size_t>(fraction * static_cast<double>(least_tried.size()))];
}

std::vector<queue::sequence> window::next(std::size_t most) const {
  std::vector<queue::sequence> out;
  for (auto one = ready_.begin(); one != ready_.end() && out.size() < most; ++one)
    out.push_back(std::get<queue::sequence>(*one));
  return out;
}

void window::take(pending_event& what) {
  step_back(what);
  strike(what);
  what.in_flight = true;
}

void window::put_back(pending_event& what, base::steady_time now) {
  what.in_flight = false;
  enlist(what);
  for (auto* next : chains_.put_back(what))
    if (chains_.leads(*next)) queue_up(*next, now);
  if (chains_.leads(what)) queue_up(what, now);
}

void window::enlist(const pending_event& what) {
  if (by_age_.emplace(what.expires, what.number).second && tries(what) > 0) ++retrying_;
}

void window::strike(const pending_event& what) {
  if (by_age_.erase({what.expires, what.number}) > 0 && tries(what) > 0) --retrying_;
}

std::vector<queue::sequence> window::expired(base::steady_time now) const {
  std::vector<queue::sequence> out;
  for (auto next = by_age_.begin(); next != by_age_.end() && next->first <= now; ++next)
    out.push_back(next->second);
  return out;
}

std::optional<base::steady_time> window::next_ready(base::steady_time now) const {
  std::optional<base::steady_time> at;
  if (!delayed_.empty()) at = delayed_.begin()->first;
  if (ready_.empty()) return at;
  const bool full = rules_.full(ready_.size(), ready_bytes_);
  const auto goes = full ? now : lingering_.begin()->first;
  return at ? std::min(*at, goes) : goes;
}

std::optional<base::steady_time> window::next_expiry() const {
  if (by_age_.empty()) return std::nullopt;
  return by_age_.begin()->first;
}

bool window::any_ready(base::steady_time now) {
  wake(now);
  return !ready_.empty();
}

void window::queue_up(pending_event& what, base::steady_time now) {
  if (what.not_before > now)
    delayed_.emplace(what.not_before, what.number);
  else
    make_ready(what);
}

void window::make_ready(pending_event& what) {
  // It may have been next in line for two keys at once.
  if (!ready_.insert(place_of(what)).second) return;
  ready_bytes_ += what.plan.size;
  lingering_.emplace(what.linger_until, what.number);
}

void window::step_back(const pending_event& what) {
  delayed_.erase({what.not_before, what.number});
  if (ready_.erase(place_of(what)) == 0) return;
  ready_bytes_ -= what.plan.size;
  lingering_.erase({what.linger_until, what.number});
}

void window::wake(base::steady_time now) {
  while (!delayed_.empty() && delayed_.begin()->first <= now) {
    make_ready(all_.at(delayed_.begin()->second));
    delayed_.erase(delayed_.begin());
  }
}

}  // namespace cartrelay::dispatch
