#pragma once

#include <array>
#include <csignal>

/// The signals that steer the daemon: the first two stop it, the last has it reload. One that comes before
/// somebody looks must neither be lost nor end the process.
namespace cartrelay::daemon {

inline constexpr std::array steering_signals{SIGTERM, SIGINT, SIGHUP};

/// While there is nothing yet to be taken down: a stop ends the process at once, with 0, and a reload waits.
void end_when_told_to_stop();
/// Has them wait, in this thread and in those that it starts from now on.
void hold_signals_back();
/// Lets them come to this thread: once they are handled.
void let_signals_in();

}  // namespace cartrelay::daemon
