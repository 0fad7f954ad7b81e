#include "dispatch/suspension.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cartrelay::dispatch {

std::chrono::minutes suspension::interval(std::uint32_t failed) noexcept {
  static constexpr std::array<int, 4> minutes{1, 2, 5, 10};
  return std::chrono::minutes(minutes[std::min<std::size_t>(failed, minutes.size() - 1)]);
}

void suspension::begin(std::string reason, std::string account, instant now) {
  record_ = record{now.wall, now.wall, 0, std::move(reason), std::move(account)};
  schedule(now);
}

void suspension::probe_failed(std::string reason, instant now) {
  record_->reason = std::move(reason);
  if (wait_.goes_on(now.steady)) {
    record_->next_probe = wall_of(wait_.end(), now);
    return;
  }
  ++record_->probes;
  schedule(now);
}

void suspension::hasten(instant now) {
  if (wait_.hasten(now.steady)) record_->next_probe = now.wall;
}

void suspension::restore(record known, instant now) {
  wait_.until(steady_of(known.next_probe, now, interval(known.probes)));
  record_ = std::move(known);
}

void suspension::schedule(instant now) {
  const auto wait = interval(record_->probes);
  wait_.until(now.steady + wait);
  record_->next_probe = now.wall + wait;
}

}  // namespace cartrelay::dispatch
