#pragma once

#include "base/task.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <array>
#include <csignal>
#include <optional>

/// The signals that steer the daemon: the first two stop it, the last has it reload. One that comes before
/// somebody looks must neither be lost nor end the process.
namespace cartrelay::daemon {

inline constexpr std::array steering_signals{SIGTERM, SIGINT, SIGHUP};

/// While there is nothing yet to be taken down: a stop ends the process at once, with 0, and a reload waits.
void end_when_told_to_stop();
/// Has them wait, in this thread and in those that it starts from now on.
void hold_signals_back();

/// The signals that are held back, to be awaited. They stay held back: none interrupts a thread in the middle
/// of what it does, a sync of the disk least of all. Used on the thread of its executor.
class held_signals {
 public:
  /// Throws system_error where there is no descriptor left.
  explicit held_signals(base::executor where);

  /// The next one, also if it came before; nullopt after cancel().
  [[nodiscard]] base::task<std::optional<int>> next();
  void cancel() { descriptor_.cancel(); }

 private:
  boost::asio::posix::basic_stream_descriptor<base::executor> descriptor_;
};

}  // namespace cartrelay::daemon
