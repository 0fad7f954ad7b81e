#pragma once

#include "base/time.hpp"
#include "dispatch/instant.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace cartrelay::simulation {

/// Simulated time: what is to happen, in order, and the moment that it is now.
class agenda {
 public:
  [[nodiscard]] dispatch::instant now() const noexcept { return now_; }

  void at(base::steady_time when, std::function<void()> what) {
    todo_.emplace(std::make_pair(std::max(when, now_.steady), next_++), std::move(what));
  }
  void in(base::duration wait, std::function<void()> what) { at(now_.steady + wait, std::move(what)); }

  /// The next thing happens. False: nothing is left.
  bool step() {
    if (todo_.empty()) return false;
    auto first = todo_.extract(todo_.begin());
    const auto passed = first.key().first - now_.steady;
    // In whole microseconds, as the wall clock counts.
    const auto whole = std::chrono::ceil<std::chrono::microseconds>(passed);
    now_.steady += whole;
    now_.wall += whole;
    first.mapped()();
    return true;
  }

 private:
  dispatch::instant now_{base::timestamp(std::chrono::hours(24 * 365 * 50)),
                         base::steady_time(std::chrono::hours(1))};
  std::uint64_t next_ = 0;
  std::map<std::pair<base::steady_time, std::uint64_t>, std::function<void()>> todo_;
};

}  // namespace cartrelay::simulation
