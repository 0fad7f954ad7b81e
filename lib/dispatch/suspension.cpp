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
  const auto due = std::exchange(hastened_from_, std::nullopt);
  if (due && now.steady < due->steady) {
    wait_until(*due);
    return;
  }
  ++record_->probes;
  schedule(now);
}

void suspension::hasten(instant now) {
  if (probe_at_ <= now.steady) return;
  hastened_from_ = instant{record_->next_probe, probe_at_};
  wait_until(now);
}

void suspension::end() noexcept {
  record_.reset();
  hastened_from_.reset();
}

void suspension::restore(record known, instant now) {
  probe_at_ = steady_of(known.next_probe, now, interval(known.probes));
  record_ = std::move(known);
}

void suspension::schedule(instant now) {
  const auto wait = interval(record_->probes);
  wait_until({now.wall + wait, now.steady + wait});
}

void suspension::wait_until(instant at) {
  probe_at_ = at.steady;
  record_->next_probe = at.wall;
}

}  // namespace cartrelay::dispatch
