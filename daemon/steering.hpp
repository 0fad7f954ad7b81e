#pragma once

#include "base/task.hpp"
#include "base/timer.hpp"
#include "base/unique_function.hpp"
#include "daemon/signals.hpp"

#include <chrono>
#include <optional>
#include <semaphore>
#include <utility>

namespace cartrelay::daemon {

/// What the signals ask of the daemon: to stop, and to reload. On the executor's thread but where it says so.
class steering {
 public:
  explicit steering(base::executor where);

  /// Heeds the signals until end(); calls `on_stop` at each that asks for a stop.
  [[nodiscard]] base::task<> follow(base::unique_function<void()> on_stop);
  void end();

  [[nodiscard]] bool is_stop_wanted() const noexcept { return stop_wanted_; }
  /// Whether a reload was asked for since the last call, however often.
  [[nodiscard]] bool take_reload() noexcept { return std::exchange(reload_wanted_, false); }
  /// Until the next signal, or for so long.
  [[nodiscard]] base::task<> next(std::optional<std::chrono::milliseconds> at_most = std::nullopt);
  /// Of another thread, one at a time: waits so long, or until a stop is asked for; then true, once a signal.
  [[nodiscard]] bool stops_within(std::chrono::milliseconds span);

 private:
  held_signals signals_;
  base::timer told_;
  std::counting_semaphore<> stops_{0};
  bool stop_wanted_ = false, reload_wanted_ = false, ended_ = false;
};

}  // namespace cartrelay::daemon
