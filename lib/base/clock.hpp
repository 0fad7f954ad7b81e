#pragma once

#include "base/time.hpp"

namespace cartrelay::base {

/// The two times, read together. A seam: tests move theirs by hand. now() and steady() may be called from any
/// thread.
class clock {
 public:
  clock() = default;
  clock(const clock&) = delete;
  clock& operator=(const clock&) = delete;
  virtual ~clock() = default;

  [[nodiscard]] virtual timestamp now() const = 0;
  [[nodiscard]] virtual steady_time steady() const = 0;
};

/// The machine's clocks. One object for the process, never destroyed.
[[nodiscard]] const clock& system_clock() noexcept;

/// Stands still until moved. Not thread-safe.
class manual_clock final : public clock {
 public:
  explicit manual_clock(timestamp start) : now_(start) {}

  [[nodiscard]] timestamp now() const override { return now_; }
  [[nodiscard]] steady_time steady() const override { return steady_; }
  void advance(std::chrono::microseconds by) {
    now_ += by;
    steady_ += by;
  }

 private:
  timestamp now_;
  steady_time steady_{std::chrono::hours(1)};
};

}  // namespace cartrelay::base
