#pragma once

#include "dispatch/instant.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace cartrelay::daemon {

/// The time by which what is too old is dropped. That cannot be taken back, and a wall clock may be wrong,
/// above all until it has been set after a start. So nothing is old in the first ten minutes (or for as long
/// as the shorter retention, if that is less); and where the wall clock runs more than an hour ahead of the
/// steady one between two looks, time goes on from before that until the leap has stood for an hour. What is
/// put back is believed at once. Pure.
class retention_clock {
 public:
  explicit retention_clock(dispatch::instant start) : start_(start.steady), last_(start) {}

  struct reading {
    base::timestamp now;              ///< 1970 where nothing is old
    std::optional<std::string> told;  ///< a change that the log should tell
  };
  /// At least now and then; `shortest` of the retentions.
  [[nodiscard]] reading look(dispatch::instant now, std::chrono::milliseconds shortest);

 private:
  [[nodiscard]] std::optional<std::string> judge(dispatch::instant now);

  base::steady_time start_;
  dispatch::instant last_;
  std::optional<dispatch::instant> believed_;  // the last moment before a leap that has not stood for long
  base::steady_time leapt_at_{};
};

}  // namespace cartrelay::daemon
