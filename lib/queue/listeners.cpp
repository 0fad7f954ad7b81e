#include "queue/listeners.hpp"

#include <utility>

namespace cartrelay::queue {

void listeners::add_wake(base::mailbox where, base::unique_function<void()> wake) {
  std::lock_guard lock(mutex_);
  sleepers_.push_back(std::make_shared<sleeper>(std::move(where), std::move(wake)));
}

void listeners::add_failure(base::mailbox where, base::unique_function<void(base::error)> failed) {
  std::lock_guard lock(mutex_);
  watchers_.push_back({std::move(where), std::move(failed)});
  if (failure_) tell(watchers_.back(), *failure_);
}

void listeners::appended() {
  std::lock_guard lock(mutex_);
  wake_all();
}

void listeners::appended_in_a_row(std::chrono::steady_clock::time_point now) {
  std::lock_guard lock(mutex_);
  wake_now_and_then(now);
}

void listeners::pay_when_due(std::chrono::steady_clock::time_point now) {
  std::lock_guard lock(mutex_);
  if (owed_) wake_now_and_then(now);
}

/// With the mutex held.
void listeners::wake_now_and_then(std::chrono::steady_clock::time_point now) {
  constexpr auto pause = std::chrono::milliseconds(2);
  owed_ = now - woken_ < pause;
  if (owed_) return;
  woken_ = now;
  wake_all();
}

void listeners::pay() {
  std::lock_guard lock(mutex_);
  if (std::exchange(owed_, false)) wake_all();
}

/// With the mutex held.
void listeners::wake_all() {
  for (const auto& who : sleepers_) {
    if (who->told.exchange(true)) continue;
    who->where.push([who] {
      who->told = false;
      who->wake();
    });
  }
}

void listeners::failed(const base::error& why) {
  std::lock_guard lock(mutex_);
  if (failure_) return;
  failure_ = why;
  for (auto& who : watchers_)
    tell(who, why);
}

void listeners::tell(watcher& who, const base::error& why) {
  who.where.push([failed = std::move(who.failed), why]() mutable { failed(why); });
}

}  // namespace cartrelay::queue
